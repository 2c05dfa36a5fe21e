"""Files in general: what may be opened, and with which permissions files are made."""
