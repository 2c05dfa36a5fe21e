"""The command line: what can be asked for, and a module for every command."""
