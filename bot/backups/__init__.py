"""Backups, made while the bot writes and restored into SQLite or PostgreSQL; and moves between the two."""
