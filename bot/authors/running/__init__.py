"""Running the code of questions and observing what it does."""
