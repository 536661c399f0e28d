"""The daily question."""
