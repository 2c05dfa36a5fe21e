"""The built-in sounds."""
