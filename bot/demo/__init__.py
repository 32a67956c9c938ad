"""The demo company: one command shows the whole product with people, history and targets in place."""
