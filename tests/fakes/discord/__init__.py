"""The rooms of the Discord simulator; the api is `tests.fakes.discord_server`."""
