"""A random walk over the real runner, in a world that is made up and has bad days."""
