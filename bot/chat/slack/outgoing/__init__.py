"""What is sent to Slack: messages, modals, the Home tab, files and reactions."""
