"""What arrives from Slack: commands, presses, forms, shortcuts and events."""
