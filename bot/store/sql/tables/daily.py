"""Schedules and their dates, digests and reminders."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Text, UniqueConstraint

from bot.store.sql.columns import (
    Id,
    day,
    foreign_key,
    instant_column,
    json,
    number,
    own_id,
    table,
    text,
)

schedules = table(
    "schedules",
    own_id(),
    text("act", unique=True),
    foreign_key("places"),
    text("cron"),
    Column("zone", Text),
    json("packs"),
    json("levels"),
    number("minutes"),
    Column("answers", Text),
    foreign_key("players"),
    instant_column("created_at"),
    instant_column("paused_at", nullable=True),
    instant_column("removed_at", nullable=True),
    Column("next_day", Date),
    instant_column("next_at", nullable=True),
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
    foreign_key("schedules", key=True),
    day(key=True),
)

pins = table(
    "pins",
    foreign_key("schedules", key=True),
    day(key=True),
    text("question"),
    text("act", server_default=""),
)

holidays = table(
    "holidays",
    foreign_key("places", key=True),
    day(key=True),
    text("name", server_default=""),
)


occurrences = table(
    "occurrences",
    foreign_key("schedules", key=True),
    day(key=True),
    text("state"),
    text("reason", server_default=""),
    instant_column("due_at"),
    instant_column("ends_at"),
    instant_column("lease_until", nullable=True),
    foreign_key("rounds", nullable=True),
    UniqueConstraint("round_id"),
    CheckConstraint("state in ('due', 'posted', 'announced', 'skipped', 'missed')", name="state"),
    CheckConstraint("state not in ('posted', 'announced') or round_id is not null", name="asked"),
    Index(None, "state", "due_at"),
    Index(None, "due_at"),
)

shuffle_bags = table(
    "shuffle_bags",
    foreign_key("places", key=True),
    Column("lap", Id, nullable=False),
)

drawn_questions = table(
    "drawn_questions",
    foreign_key("places", key=True),
    text("question", key=True),
    instant_column(),
)


digest_subscriptions = table(
    "digest_subscriptions",
    foreign_key("places", key=True),
    instant_column("next_at"),
    Index(None, "next_at"),
)

digest_posts = table(
    "digest_posts",
    foreign_key("places", key=True),
    text("week", key=True),
    instant_column("claimed_at"),
    instant_column("posted_at", nullable=True),
    Column("message", Text),
    Index(None, "posted_at", "claimed_at"),
)


reminders = table(
    "reminders",
    foreign_key("players", key=True),
    number("hour"),
    text("platform"),
    text("person"),
    text("community"),
    text("channel"),
    instant_column("next_at"),
    instant_column("refused_at", nullable=True),
    CheckConstraint("hour between 0 and 23", name="hour"),
    Index(None, "next_at"),
)

reminder_messages = table(
    "reminder_messages",
    foreign_key("players", key=True),
    day(key=True),
    instant_column("claimed_at"),
    instant_column("sent_at", nullable=True),
    Index(None, "sent_at", "claimed_at"),
)
