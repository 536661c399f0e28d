"""Discord: its gateway, its cards and its limits. Imported only where a token is set."""
