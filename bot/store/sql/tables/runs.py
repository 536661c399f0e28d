"""Code that members ran, and its results."""

from sqlalchemy import CheckConstraint, Column, Index, Text, false

from bot.store.sql.columns import (
    Id,
    flag,
    foreign_key,
    instant_column,
    number,
    own_id,
    real,
    table,
    text,
)

runs = table(
    "runs",
    own_id(),
    text("run", unique=True),
    text("act", unique=True),
    foreign_key("players"),
    foreign_key("places"),
    Column("active_of", Id, unique=True),
    text("bot"),
    text("state", server_default="booked"),
    text("title", server_default=""),
    text("code"),
    text("device"),
    flag("private", server_default=false()),
    Column("source", Text),
    Column("message", Text),
    instant_column("booked_at"),
    instant_column("started_at", nullable=True),
    instant_column("ended_at", nullable=True),
    instant_column("lease_until"),
    Column("outcome", Text),
    text("note", server_default=""),
    text("output", server_default=""),
    number("hidden", server_default="0"),
    real("seconds", server_default="0"),
    CheckConstraint("state in ('booked', 'waiting', 'taken', 'ended')", name="state"),
    CheckConstraint("(active_of is null) = (state = 'ended')", name="one_run_a_member"),
    Index(None, "player_id", "booked_at"),
    Index(None, "place_id", "source"),
    Index(None, "state", "lease_until"),
)
