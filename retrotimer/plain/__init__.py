"""The line mode: a workout, a checklist, a second screen and the sounds, line by line."""
