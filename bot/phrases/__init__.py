"""Every sentence the bot says: a value comes in, a card goes out."""
