"""Judging an answer, and what it is worth."""
