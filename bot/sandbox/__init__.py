"""Running strangers' code in a jail. Imports nothing else of the bot, so it can run elsewhere."""
