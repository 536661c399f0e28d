"""The bot's side of running code."""
