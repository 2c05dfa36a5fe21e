"""One running workout: what its keys do."""
