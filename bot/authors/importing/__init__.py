"""Turning questions of other formats into question files."""
