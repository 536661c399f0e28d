"""What the authors of questions need: checking, starting and importing them."""
