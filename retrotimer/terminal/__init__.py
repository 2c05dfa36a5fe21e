"""What every face needs of its terminal: signals, modes, the standard streams.

It is loaded before everything else, so it may import almost nothing.
"""
