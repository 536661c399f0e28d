"""Making one member of two players, and two of one again."""
