"""Boards and their scores: rebuilt from attempts at any time."""

from sqlalchemy import Boolean, Column, Index, Integer, Text, UniqueConstraint, true

from bot.store.sql.columns import own_id, table, to

boards = table(
    "boards",
    own_id(),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("period_key", Text, nullable=False),
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
    Column("points", Integer, nullable=False),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = table(
    "score_histogram",
    to("boards.id", "board_id", primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

uncounted_attempts = table(
    "uncounted_attempts",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
)
