"""Code that members ran, and its results."""

from sqlalchemy import Boolean, CheckConstraint, Column, Float, Index, Integer, Text, false

from bot.store.sql.columns import Id, at, own_id, table, to

runs = table(
    "runs",
    own_id(),
    Column("run", Text, nullable=False, unique=True),
    Column("act", Text, nullable=False, unique=True),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    Column("active_of", Id, unique=True),
    Column("bot", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="booked"),
    Column("title", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column("source", Text),
    Column("message", Text),
    at("booked_at"),
    at("started_at", nullable=True),
    at("ended_at", nullable=True),
    at("lease_until"),
    Column("outcome", Text),
    Column("note", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    CheckConstraint("state in ('booked', 'waiting', 'taken', 'ended')", name="state"),
    CheckConstraint("(active_of is null) = (state = 'ended')", name="one_run_a_member"),
    Index(None, "player_id", "booked_at"),
    Index(None, "place_id", "source"),
    Index(None, "state", "lease_until"),
)
