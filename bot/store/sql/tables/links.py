"""Codes and links that make several accounts one member."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, Integer, Text

from bot.store.sql.columns import at, own_id, table, to

link_codes = table(
    "link_codes",
    to("players.id", "player_id", primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("act", Text, nullable=False),
    at("until"),
)

link_tries = table(
    "link_tries",
    to("players.id", "player_id", primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("act", Text, nullable=False),
    at("until"),
)

links = table(
    "links",
    own_id(),
    to("players.id", "player_id"),
    to("players.id", "joined_id"),
    Column("act", Text, nullable=False, unique=True),
    Column("moved", JSON, nullable=False),
    at(),
    at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)
