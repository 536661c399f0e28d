"""Checking questions."""
