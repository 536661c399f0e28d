"""What became of each local date of a schedule, and shuffle bags of questions."""

from sqlalchemy import CheckConstraint, Column, Date, Index, UniqueConstraint

from bot.store.sql.columns import Id, at, table, text, to

occurrences = table(
    "occurrences",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
    text("state"),
    text("reason", server_default=""),
    at("due_at"),
    at("ends_at"),
    at("lease_until", nullable=True),
    to("rounds.id", "round_id", nullable=True),
    UniqueConstraint("round_id"),
    CheckConstraint("state in ('due', 'posted', 'announced', 'skipped', 'missed')", name="state"),
    CheckConstraint("state not in ('posted', 'announced') or round_id is not null", name="asked"),
    Index(None, "state", "due_at"),
    Index(None, "due_at"),
)

shuffle_bags = table(
    "shuffle_bags",
    to("places.id", "place_id", primary_key=True),
    Column("lap", Id, nullable=False),
)

drawn_questions = table(
    "drawn_questions",
    to("places.id", "place_id", primary_key=True),
    text("question", primary_key=True),
    at(),
)
