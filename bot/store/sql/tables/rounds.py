"""Wordings of questions, rounds, sittings, attempts and hints."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.sql.columns import Id, at, number, own_id, table, text, to

wordings = table(
    "wordings",
    text("digest", primary_key=True),
    text("question"),
    Column("body", JSON, nullable=False),
)

rounds = table(
    "rounds",
    own_id(),
    text("act", unique=True),
    text("mode"),
    text("status"),
    to("places.id", "place_id"),
    Column("live_in", Id, unique=True),
    text("question"),
    Column("digest", Text, ForeignKey("wordings.digest"), nullable=False),
    to("players.id", "player_id", nullable=True),
    to("takes.id", "take_id", nullable=True),
    Column("position", Integer),
    Column("speed", Boolean, nullable=False),
    text("answers"),
    text("question_filter", server_default=""),
    at("opened_at"),
    at("closes_at", nullable=True),
    at("early_at", nullable=True),
    at("closed_at", nullable=True),
    Column("message", Text),
    at("due_at", nullable=True),
    CheckConstraint("mode in ('live', 'daily', 'pack', 'practice')", name="mode"),
    CheckConstraint("status in ('claimed', 'open', 'closed', 'announced', 'void')", name="status"),
    CheckConstraint("(mode in ('live', 'daily')) = (player_id is null)", name="owner"),
    UniqueConstraint("take_id", "position"),
    CheckConstraint(
        "(live_in is not null) = (mode = 'live' and status in ('claimed', 'open'))",
        name="one_live_round_a_place",
    ),
    Index(None, "status", "closes_at"),
    Index(None, "place_id", "message"),
)

sittings = table(
    "sittings",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("tries_used", server_default="0"),
    number("hints_taken", server_default="0"),
    number("points", server_default="0"),
    Column("share", Float, nullable=False, server_default="0"),
    Column("solved", Boolean, nullable=False, server_default=false()),
    at("joined_at"),
    at("finished_at", nullable=True),
    Index(None, "player_id", "finished_at"),
)

attempts = table(
    "attempts",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("number", primary_key=True),
    text("act", unique=True),
    Column("answer", JSON, nullable=False),
    Column("share", Float, nullable=False),
    number("points"),
    number("gain"),
    Column("factors", JSON, nullable=False),
    at(),
    CheckConstraint("number >= 1", name="number"),
)

hints = table(
    "hints",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("number", primary_key=True),
    at(),
    Column("act", Text, unique=True),
)
