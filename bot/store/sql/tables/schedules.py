"""Schedules, the days on which they rest, and the questions that are set for a day."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, Index, Text

from bot.store.sql.columns import at, number, own_id, table, text, to

schedules = table(
    "schedules",
    own_id(),
    text("act", unique=True),
    to("places.id", "place_id"),
    text("cron"),
    Column("zone", Text),
    Column("packs", JSON, nullable=False),
    Column("levels", JSON, nullable=False),
    number("minutes"),
    Column("answers", Text),
    to("players.id", "player_id"),
    at("created_at"),
    at("paused_at", nullable=True),
    at("removed_at", nullable=True),
    Column("next_day", Date),
    at("next_at", nullable=True),
    CheckConstraint("minutes > 0", name="minutes"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
    CheckConstraint("(next_day is null) = (next_at is null)", name="next"),
    CheckConstraint(
        "next_at is null or (paused_at is null and removed_at is null)", name="resting"
    ),
    Index(None, "place_id"),
    Index(None, "next_at"),
)

skips = table(
    "skips",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
)

pins = table(
    "pins",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
    text("question"),
    text("act", server_default=""),
)

holidays = table(
    "holidays",
    to("places.id", "place_id", primary_key=True),
    Column("day", Date, primary_key=True),
    text("name", server_default=""),
)
