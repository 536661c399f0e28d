"""Rounds and what belongs to them: sittings, packs, votes, boards."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.sql.columns import Id, at, flag, json, number, own_id, real, table, text, to

wordings = table(
    "wordings",
    text("digest", key=True),
    text("question"),
    json("body"),
)

rounds = table(
    "rounds",
    own_id(),
    text("act", unique=True),
    text("mode"),
    text("status"),
    to("places"),
    Column("live_in", Id, unique=True),
    text("question"),
    Column("digest", Text, ForeignKey("wordings.digest"), nullable=False),
    to("players", nullable=True),
    to("takes", nullable=True),
    Column("position", Integer),
    flag("speed"),
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
    to("rounds", key=True),
    to("players", key=True),
    number("tries_used", server_default="0"),
    number("hints_taken", server_default="0"),
    number("points", server_default="0"),
    real("share", server_default="0"),
    flag("solved", server_default=false()),
    at("joined_at"),
    at("finished_at", nullable=True),
    Index(None, "player_id", "finished_at"),
)

attempts = table(
    "attempts",
    to("rounds", key=True),
    to("players", key=True),
    number("number", key=True),
    text("act", unique=True),
    json("answer"),
    real("share"),
    number("points"),
    number("gain"),
    json("factors"),
    at(),
    CheckConstraint("number >= 1", name="number"),
)

hints = table(
    "hints",
    to("rounds", key=True),
    to("players", key=True),
    number("number", key=True),
    at(),
    Column("act", Text, unique=True),
)


takes = table(
    "takes",
    own_id(),
    to("players"),
    to("places"),
    text("pack"),
    text("act", unique=True),
    json("digests"),
    at("started_at"),
    at("finished_at", nullable=True),
    number("right", server_default="0"),
    Index(None, "player_id", "pack"),
)


votes = table(
    "votes",
    text("question", key=True),
    to("players", key=True),
    number("value"),
    at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    text("question"),
    text("digest"),
    to("players"),
    text("reason"),
    at(),
    at("settled_at", nullable=True),
    to("places", nullable=True),
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
    to("rounds", key=True),
    to("boards", key=True),
)

scores = table(
    "scores",
    to("boards", key=True),
    to("players", key=True),
    number("points"),
    flag("shown", server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = table(
    "score_histogram",
    to("boards", key=True),
    number("level", key=True),
    number("bucket", key=True),
    number("n"),
    sqlite_with_rowid=False,
)

uncounted_attempts = table(
    "uncounted_attempts",
    to("rounds", key=True),
    to("players", key=True),
    number("number", key=True),
)
