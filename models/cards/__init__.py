"""What a thing looks like in chat: facts in, Message out."""
