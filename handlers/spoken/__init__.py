"""What people type in words: days, moments and amounts. Read for sure, or not at all and with the way to be sure."""
