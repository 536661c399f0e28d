"""What is said in one sentence, by name: each file has the sentences of one subject."""
