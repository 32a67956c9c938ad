"""Faithful stand-ins for the chat platforms, on loopback: the real SDKs talk to them as to the real thing."""
