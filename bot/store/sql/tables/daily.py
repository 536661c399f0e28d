"""Schedules and their dates, digests and reminders."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Text, UniqueConstraint

from bot.store.sql.columns import Id, at, day, json, number, own_id, table, text, to

schedules = table(
    "schedules",
    own_id(),
    text("act", unique=True),
    to("places"),
    text("cron"),
    Column("zone", Text),
    json("packs"),
    json("levels"),
    number("minutes"),
    Column("answers", Text),
    to("players"),
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
    to("schedules", key=True),
    day(key=True),
)

pins = table(
    "pins",
    to("schedules", key=True),
    day(key=True),
    text("question"),
    text("act", server_default=""),
)

holidays = table(
    "holidays",
    to("places", key=True),
    day(key=True),
    text("name", server_default=""),
)


occurrences = table(
    "occurrences",
    to("schedules", key=True),
    day(key=True),
    text("state"),
    text("reason", server_default=""),
    at("due_at"),
    at("ends_at"),
    at("lease_until", nullable=True),
    to("rounds", nullable=True),
    UniqueConstraint("round_id"),
    CheckConstraint("state in ('due', 'posted', 'announced', 'skipped', 'missed')", name="state"),
    CheckConstraint("state not in ('posted', 'announced') or round_id is not null", name="asked"),
    Index(None, "state", "due_at"),
    Index(None, "due_at"),
)

shuffle_bags = table(
    "shuffle_bags",
    to("places", key=True),
    Column("lap", Id, nullable=False),
)

drawn_questions = table(
    "drawn_questions",
    to("places", key=True),
    text("question", key=True),
    at(),
)


digest_subscriptions = table(
    "digest_subscriptions",
    to("places", key=True),
    at("next_at"),
    Index(None, "next_at"),
)

digest_posts = table(
    "digest_posts",
    to("places", key=True),
    text("week", key=True),
    at("claimed_at"),
    at("posted_at", nullable=True),
    Column("message", Text),
    Index(None, "posted_at", "claimed_at"),
)


reminders = table(
    "reminders",
    to("players", key=True),
    number("hour"),
    text("platform"),
    text("person"),
    text("community"),
    text("channel"),
    at("next_at"),
    at("refused_at", nullable=True),
    CheckConstraint("hour between 0 and 23", name="hour"),
    Index(None, "next_at"),
)

reminder_messages = table(
    "reminder_messages",
    to("players", key=True),
    day(key=True),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Index(None, "sent_at", "claimed_at"),
)
