"""Telegram: its updates become an Incoming, what is to be said becomes messages in HTML."""
