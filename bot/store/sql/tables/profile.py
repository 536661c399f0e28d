"""Badges."""

from sqlalchemy import Column, Text

from bot.store.sql.columns import at, table, to

badges = table(
    "badges",
    to("players.id", "player_id", primary_key=True),
    Column("badge", Text, primary_key=True),
    at(),
)
