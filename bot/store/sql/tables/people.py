"""Players, their accounts on platforms, and the communities they are members of."""

from sqlalchemy import Boolean, Column, Index, Text, false

from bot.store.sql.columns import at, own_id, table, text, to

players = table(
    "players",
    own_id(),
    text("name"),
    Column("zone", Text),
    Column("name_hidden", Boolean, nullable=False, server_default=false()),
    at("created_at"),
    Column("zone_before", Text),
    at("zone_since", nullable=True),
)

accounts = table(
    "accounts",
    text("platform", primary_key=True),
    text("person", primary_key=True),
    to("players.id", "player_id"),
    Index(None, "player_id"),
)

members = table(
    "members",
    text("platform", primary_key=True),
    text("community", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    at("left_at", nullable=True),
)
