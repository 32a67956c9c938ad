"""Programs to measure against, in an environment of their own."""
