"""Servers that stand in for the platforms; each enforces what the real one enforces."""
