"""Slack: its events, its blocks and its limits. Imported only where a token is set."""
