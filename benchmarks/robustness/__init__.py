"""The long forms of the random tests: odd files, kills, signals, keys, walks."""
