"""Takes: walks through a pack."""

from sqlalchemy import JSON, Column, Index, Integer, Text

from bot.store.sql.columns import at, own_id, table, to

takes = table(
    "takes",
    own_id(),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    Column("pack", Text, nullable=False),
    Column("act", Text, nullable=False, unique=True),
    Column("digests", JSON, nullable=False),
    at("started_at"),
    at("finished_at", nullable=True),
    Column("right", Integer, nullable=False, server_default="0"),
    Index(None, "player_id", "pack"),
)
