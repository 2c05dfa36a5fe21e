"""How an impossible command line ends."""


class UsageError(Exception):
    """Something the user can put right; the text says what."""
