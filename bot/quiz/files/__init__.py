"""Question files: read, checked and turned into the bank of questions."""
