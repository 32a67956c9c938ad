"""Slack: what it delivers becomes an Incoming, what is to be said becomes Block Kit."""
