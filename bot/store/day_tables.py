"""The tables of what comes back day by day and week by week: streaks, reminders, digests."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Text

from bot.store.sql.columns import at, own_id, table, to

# Streaks, beside the days themselves

zone_changes = table(
    "zone_changes",
    to("players.id", "player_id", primary_key=True),
    at("since", primary_key=True),
    Column("zone", Text, nullable=False),
)

lapses = table(
    "lapses",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("passed", Text, nullable=False),
    Column("days", Integer, nullable=False),
    at(),
    at("told_at", nullable=True),
    CheckConstraint("passed in ('frozen', 'ended')", name="passed"),
)

repairs = table(
    "repairs",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    to("players.id", "by_id"),
    Column("reason", Text, nullable=False),
    at(),
)

# When the bot was there, and when it was not

heartbeat = table(
    "heartbeat",
    Column("id", Integer, primary_key=True),
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

# Private reminders, and the weekly digest of a place

reminders = table(
    "reminders",
    to("players.id", "player_id", primary_key=True),
    Column("hour", Integer, nullable=False),
    Column("platform", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("channel", Text, nullable=False),
    at("next_at"),
    at("refused_at", nullable=True),
    CheckConstraint("hour between 0 and 23", name="hour"),
    Index(None, "next_at"),
)

letters = table(
    "letters",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Index(None, "sent_at", "claimed_at"),
)

digests = table(
    "digests",
    to("places.id", "place_id", primary_key=True),
    at("next_at"),
    Index(None, "next_at"),
)

digest_posts = table(
    "digest_posts",
    to("places.id", "place_id", primary_key=True),
    Column("week", Text, primary_key=True),
    at("claimed_at"),
    at("posted_at", nullable=True),
    Column("message", Text),
    Index(None, "posted_at", "claimed_at"),
)
