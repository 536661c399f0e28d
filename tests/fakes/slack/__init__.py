"""The rooms of the Slack simulator."""
