"""Votes and reports on questions."""

from sqlalchemy import CheckConstraint, Column, Integer, Text, UniqueConstraint

from bot.store.sql.columns import at, own_id, table, to

votes = table(
    "votes",
    Column("question", Text, primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("value", Integer, nullable=False),
    at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    Column("question", Text, nullable=False),
    Column("digest", Text, nullable=False),
    to("players.id", "player_id"),
    Column("reason", Text, nullable=False),
    at(),
    at("settled_at", nullable=True),
    to("places.id", "place_id", nullable=True),
    UniqueConstraint("question", "digest", "player_id", "place_id"),
)
