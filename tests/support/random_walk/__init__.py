"""A random walk over the real runner, in a simulated world where things go wrong."""
