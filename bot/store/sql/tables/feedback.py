"""Votes and reports on questions."""

from sqlalchemy import CheckConstraint, UniqueConstraint

from bot.store.sql.columns import at, number, own_id, table, text, to

votes = table(
    "votes",
    text("question", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("value"),
    at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    text("question"),
    text("digest"),
    to("players.id", "player_id"),
    text("reason"),
    at(),
    at("settled_at", nullable=True),
    to("places.id", "place_id", nullable=True),
    UniqueConstraint("question", "digest", "player_id", "place_id"),
)
