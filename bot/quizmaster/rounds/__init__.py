"""Rounds: opened, answered and closed."""
