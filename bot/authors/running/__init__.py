"""Running the code of questions."""
