"""Home, workout, summary and history."""
