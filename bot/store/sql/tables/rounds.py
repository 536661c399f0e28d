"""Rounds and what belongs to them: sittings, packs, votes, boards."""

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
    true,
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


takes = table(
    "takes",
    own_id(),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    text("pack"),
    text("act", unique=True),
    Column("digests", JSON, nullable=False),
    at("started_at"),
    at("finished_at", nullable=True),
    number("right", server_default="0"),
    Index(None, "player_id", "pack"),
)


votes = table(
    "votes",
    text("question", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("value"),
    at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    text("question"),
    text("digest"),
    to("players.id", "player_id"),
    text("reason"),
    at(),
    at("settled_at", nullable=True),
    to("places.id", "place_id", nullable=True),
    UniqueConstraint("question", "digest", "player_id", "place_id"),
)


boards = table(
    "boards",
    own_id(),
    text("scope"),
    text("scope_key"),
    text("period"),
    text("period_key"),
    UniqueConstraint("scope", "scope_key", "period", "period_key"),
)

round_boards = table(
    "round_boards",
    to("rounds.id", "round_id", primary_key=True),
    to("boards.id", "board_id", primary_key=True),
)

scores = table(
    "scores",
    to("boards.id", "board_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("points"),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = table(
    "score_histogram",
    to("boards.id", "board_id", primary_key=True),
    number("level", primary_key=True),
    number("bucket", primary_key=True),
    number("n"),
    sqlite_with_rowid=False,
)

uncounted_attempts = table(
    "uncounted_attempts",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    number("number", primary_key=True),
)
