"""How a command line that cannot be done ends."""


class UsageError(Exception):
    """Something the user can put right; the text says what."""
