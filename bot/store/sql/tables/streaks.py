"""Days that count for streaks and days that lapsed, time zones, and outages."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Text

from bot.store.sql.columns import at, number, own_id, table, text, to

streak_days = table(
    "streak_days",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("act", Text),
    Index(None, "day"),
    Index(None, "act"),
)

zone_changes = table(
    "zone_changes",
    to("players.id", "player_id", primary_key=True),
    at("since", primary_key=True),
    text("zone"),
)

lapses = table(
    "lapses",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    text("passed"),
    number("days"),
    at(),
    at("seen_at", nullable=True),
    CheckConstraint("passed in ('frozen', 'ended')", name="passed"),
)

repairs = table(
    "repairs",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    to("players.id", "by_id"),
    text("reason"),
    at(),
)

heartbeat = table(
    "heartbeat",
    number("id", primary_key=True),
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
