"""What the quizmaster has to tell: plain values that phrases puts into words."""
