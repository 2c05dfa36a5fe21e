"""How things are said and read, for both faces."""
