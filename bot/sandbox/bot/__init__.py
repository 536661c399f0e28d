"""The bot's side of running code: the queue, the workers, and one worker of its own."""
