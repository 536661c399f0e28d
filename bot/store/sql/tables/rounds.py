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

from bot.store.sql.columns import (
    Id,
    flag,
    foreign_key,
    instant_column,
    json,
    number,
    own_id,
    real,
    table,
    text,
)

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
    foreign_key("places"),
    Column("live_in", Id, unique=True),
    text("question"),
    Column("digest", Text, ForeignKey("wordings.digest"), nullable=False),
    foreign_key("players", nullable=True),
    foreign_key("takes", nullable=True),
    Column("position", Integer),
    flag("speed"),
    text("answers"),
    text("question_filter", server_default=""),
    instant_column("opened_at"),
    instant_column("closes_at", nullable=True),
    instant_column("early_at", nullable=True),
    instant_column("closed_at", nullable=True),
    Column("message", Text),
    instant_column("due_at", nullable=True),
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
    foreign_key("rounds", key=True),
    foreign_key("players", key=True),
    number("tries_used", server_default="0"),
    number("hints_taken", server_default="0"),
    number("points", server_default="0"),
    real("share", server_default="0"),
    flag("solved", server_default=false()),
    instant_column("joined_at"),
    instant_column("finished_at", nullable=True),
    Index(None, "player_id", "finished_at"),
)

attempts = table(
    "attempts",
    foreign_key("rounds", key=True),
    foreign_key("players", key=True),
    number("number", key=True),
    text("act", unique=True),
    json("answer"),
    real("share"),
    number("points"),
    number("gain"),
    json("factors"),
    instant_column(),
    CheckConstraint("number >= 1", name="number"),
)

hints = table(
    "hints",
    foreign_key("rounds", key=True),
    foreign_key("players", key=True),
    number("number", key=True),
    instant_column(),
    Column("act", Text, unique=True),
)


takes = table(
    "takes",
    own_id(),
    foreign_key("players"),
    foreign_key("places"),
    text("pack"),
    text("act", unique=True),
    json("digests"),
    instant_column("started_at"),
    instant_column("finished_at", nullable=True),
    number("right", server_default="0"),
    Index(None, "player_id", "pack"),
)


votes = table(
    "votes",
    text("question", key=True),
    foreign_key("players", key=True),
    number("value"),
    instant_column(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    text("question"),
    text("digest"),
    foreign_key("players"),
    text("reason"),
    instant_column(),
    instant_column("settled_at", nullable=True),
    foreign_key("places", nullable=True),
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
    foreign_key("rounds", key=True),
    foreign_key("boards", key=True),
)

scores = table(
    "scores",
    foreign_key("boards", key=True),
    foreign_key("players", key=True),
    number("points"),
    flag("shown", server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = table(
    "score_histogram",
    foreign_key("boards", key=True),
    number("level", key=True),
    number("bucket", key=True),
    number("n"),
    sqlite_with_rowid=False,
)

uncounted_attempts = table(
    "uncounted_attempts",
    foreign_key("rounds", key=True),
    foreign_key("players", key=True),
    number("number", key=True),
)
