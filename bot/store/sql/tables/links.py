"""Codes and links that make several accounts one member."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text

from bot.store.sql.columns import at, number, own_id, table, text, to

link_codes = table(
    "link_codes",
    to("players.id", "player_id", primary_key=True),
    text("digest", unique=True),
    text("platform"),
    text("community"),
    text("act"),
    at("until"),
)

link_tries = table(
    "link_tries",
    to("players.id", "player_id", primary_key=True),
    number("wrong"),
    text("act"),
    at("until"),
)

links = table(
    "links",
    own_id(),
    to("players.id", "player_id"),
    to("players.id", "joined_id"),
    text("act", unique=True),
    Column("moved", JSON, nullable=False),
    at(),
    at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)
