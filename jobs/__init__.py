"""What happens by the clock: one file per capability."""
