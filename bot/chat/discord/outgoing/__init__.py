"""What the bot sends to Discord: cards, answers to interactions, messages and reactions."""
