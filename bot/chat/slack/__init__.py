"""Slack. Imported only where a token is set."""
