"""Takes: walks through a pack."""

from sqlalchemy import JSON, Column, Index

from bot.store.sql.columns import at, number, own_id, table, text, to

takes = table(
    "takes",
    own_id(),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    text("pack"),
    text("act", unique=True),
    Column("digests", JSON, nullable=False),
    at("started_at"),
    at("finished_at", nullable=True),
    number("right", server_default="0"),
    Index(None, "player_id", "pack"),
)
