"""What comes by the clock comes once, wherever it is, however the clock goes and however long nobody was there."""
