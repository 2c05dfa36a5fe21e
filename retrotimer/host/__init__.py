"""The operating system: clocks, places for files, a screen that stays awake."""
