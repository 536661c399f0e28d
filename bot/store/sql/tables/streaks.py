"""Days that count for streaks and days that lapsed, time zones, and outages."""

from sqlalchemy import CheckConstraint, Column, Index, Text

from bot.store.sql.columns import day, foreign_key, instant_column, number, own_id, table, text

streak_days = table(
    "streak_days",
    foreign_key("players", key=True),
    day(key=True),
    Column("act", Text),
    Index(None, "day"),
    Index(None, "act"),
)

zone_changes = table(
    "zone_changes",
    foreign_key("players", key=True),
    instant_column("since", key=True),
    text("zone"),
)

lapses = table(
    "lapses",
    foreign_key("players", key=True),
    day(key=True),
    text("passed"),
    number("days"),
    instant_column(),
    instant_column("seen_at", nullable=True),
    CheckConstraint("passed in ('frozen', 'ended')", name="passed"),
)

repairs = table(
    "repairs",
    foreign_key("players", key=True),
    day(key=True),
    foreign_key("players", "by_id"),
    text("reason"),
    instant_column(),
)

heartbeat = table(
    "heartbeat",
    number("id", key=True),
    instant_column("beat_at"),
    CheckConstraint("id = 1", name="single"),
)

outages = table(
    "outages",
    own_id(),
    instant_column("began_at", unique=True),
    instant_column("ended_at"),
    CheckConstraint("began_at < ended_at", name="order"),
)
