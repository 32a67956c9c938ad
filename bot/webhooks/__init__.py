"""What other systems are told, over HTTP: whereto, how it is signed and guarded, and the loop that sends it."""
