"""Who may do what: every command, by every rank, on everybody's things, in every place, through the real dispatch."""
