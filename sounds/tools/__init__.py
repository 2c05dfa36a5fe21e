"""What makes the sounds and the spoken words; no part of the installed program."""
