"""The built-in web workspace."""
