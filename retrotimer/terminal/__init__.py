"""What every face needs of its terminal: its signals, its modes, the standard streams.

It is loaded before all else, so it may import next to nothing.
"""
