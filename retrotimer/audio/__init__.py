"""Sound: cues scheduled to the sample, played by a separate process."""
