"""Widgets that draw values; they know neither machine nor files."""
