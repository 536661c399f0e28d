"""Running strangers' code behind walls. It imports nothing else of the bot, so that it can travel alone to a GPU machine."""
