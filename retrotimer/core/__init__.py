"""The workout itself: pure values and functions of integer milliseconds, without clock or I/O."""
