"""The workout in progress, and what is remembered between workouts, on disk."""
