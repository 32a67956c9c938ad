"""Packaged schema changes."""
