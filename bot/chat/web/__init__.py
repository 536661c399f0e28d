"""The web chat: served by ourselves, with nothing from elsewhere."""
