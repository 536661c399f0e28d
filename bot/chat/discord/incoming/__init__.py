"""What Discord tells the bot: its gateway, interactions, messages and slash commands."""
