"""Pure decisions: facts in, decision out; no clock, no session."""
