"""One question from its asking to its end."""
