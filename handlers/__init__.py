"""What people can ask for: one file per capability, and the grammar that they share."""
