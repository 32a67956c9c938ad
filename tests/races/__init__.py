"""What two people do at once, at one process or at several beside each other: one of them is first, and both know."""
