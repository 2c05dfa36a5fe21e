"""Sound: cues scheduled to the sample, played by a process of their own."""
