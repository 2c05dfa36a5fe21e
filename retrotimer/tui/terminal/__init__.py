"""The full screen's own terminal: Textual's driver, adapted, and lending it to other programs."""
