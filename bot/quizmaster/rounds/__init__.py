"""Rounds: opened, answered, helped along with hints, and closed once."""
