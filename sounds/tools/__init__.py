"""Tools that make the sounds and the spoken words; not part of the installed program."""
