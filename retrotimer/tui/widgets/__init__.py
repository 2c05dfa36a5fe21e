"""Widgets that draw values; they know neither the workout nor files."""
