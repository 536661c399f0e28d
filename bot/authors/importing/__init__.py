"""Importing questions from other formats."""
