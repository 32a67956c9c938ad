"""Places to talk behind one protocol."""
