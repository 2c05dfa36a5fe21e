"""Files as such: what may be opened, and what is made with which rights."""
