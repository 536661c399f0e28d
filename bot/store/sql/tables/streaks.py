"""Days that count for streaks and days that lapsed, time zones, and outages."""

from sqlalchemy import CheckConstraint, Column, Index, Text

from bot.store.sql.columns import at, day, number, own_id, table, text, to

streak_days = table(
    "streak_days",
    to("players", key=True),
    day(key=True),
    Column("act", Text),
    Index(None, "day"),
    Index(None, "act"),
)

zone_changes = table(
    "zone_changes",
    to("players", key=True),
    at("since", key=True),
    text("zone"),
)

lapses = table(
    "lapses",
    to("players", key=True),
    day(key=True),
    text("passed"),
    number("days"),
    at(),
    at("seen_at", nullable=True),
    CheckConstraint("passed in ('frozen', 'ended')", name="passed"),
)

repairs = table(
    "repairs",
    to("players", key=True),
    day(key=True),
    to("players", "by_id"),
    text("reason"),
    at(),
)

heartbeat = table(
    "heartbeat",
    number("id", key=True),
    at("beat_at"),
    CheckConstraint("id = 1", name="single"),
)

outages = table(
    "outages",
    own_id(),
    at("began_at", unique=True),
    at("ended_at"),
    CheckConstraint("began_at < ended_at", name="order"),
)
