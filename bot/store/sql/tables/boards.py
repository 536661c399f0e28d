"""Boards and their scores: rebuilt from attempts at any time."""

from sqlalchemy import Boolean, Column, Index, UniqueConstraint, true

from bot.store.sql.columns import number, own_id, table, text, to

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
