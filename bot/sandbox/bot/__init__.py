"""The bot's side of running code: the queue, the workers, and one of its own."""
