"""Whether the sound can be trusted with one's back to the screen: `python -m benchmarks.sound`."""
