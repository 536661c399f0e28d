"""The rooms of the Discord simulator; the door is `tests.fakes.discord_server`."""
