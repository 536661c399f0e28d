"""Badges."""

from bot.store.sql.columns import at, table, text, to

badges = table(
    "badges",
    to("players.id", "player_id", primary_key=True),
    text("badge", primary_key=True),
    at(),
)
