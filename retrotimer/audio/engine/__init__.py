"""The player process: a pure schedule and mixer, and the back ends that play."""
