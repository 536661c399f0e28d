"""Expand: every table of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("id", ID, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_key", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("period_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
        sa.UniqueConstraint(
            "scope",
            "scope_key",
            "period",
            "period_key",
            name="uq_boards_scope_scope_key_period_period_key",
        ),
    )
    op.create_table(
        "places",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("speed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("answers", sa.Text(), server_default="buttons", nullable=False),
        sa.CheckConstraint("answers in ('buttons', 'reactions')", name=op.f("ck_places_answers")),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
        sa.UniqueConstraint(
            "platform", "community", "channel", name="uq_places_platform_community_channel"
        ),
    )
    op.create_table(
        "players",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("name_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_players"),
    )
    op.create_table(
        "web_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text()),
        sa.Column("speaker", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_key", sa.Text()),
        sa.Column("turned_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_web_messages"),
        sa.UniqueConstraint("key", name="uq_web_messages_key"),
        sa.UniqueConstraint("version", name="uq_web_messages_version"),
    )
    op.create_index("ix_web_messages_channel_id", "web_messages", ["channel", "id"])
    op.create_table(
        "web_people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_people"),
        sa.UniqueConstraint("name_key", name="uq_web_people_name_key"),
    )
    op.create_table(
        "web_pictures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_web_pictures"),
    )
    op.create_table(
        "web_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("latest", ID, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_web_versions_single")),
        sa.PrimaryKeyConstraint("id", name="pk_web_versions"),
    )
    op.create_table(
        "wordings",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_wordings"),
    )
    op.create_table(
        "accounts",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_accounts_player_id"),
        sa.PrimaryKeyConstraint("platform", "person", name="pk_accounts"),
    )
    op.create_index("ix_accounts_player_id", "accounts", ["player_id"])
    op.create_table(
        "badges",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("badge", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_badges_player_id"),
        sa.PrimaryKeyConstraint("player_id", "badge", name="pk_badges"),
    )
    op.create_table(
        "days",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_days_player_id"),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_days"),
    )
    op.create_table(
        "draws",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_draws_place_id"),
        sa.PrimaryKeyConstraint("place_id", "question", name="pk_draws"),
    )
    op.create_table(
        "members",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_members_player_id"),
        sa.PrimaryKeyConstraint("platform", "community", "player_id", name="pk_members"),
    )
    op.create_table(
        "reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_reports_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint(
            "question", "digest", "player_id", name="uq_reports_question_digest_player_id"
        ),
    )
    op.create_table(
        "score_histogram",
        sa.Column("board_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_score_histogram_board_id"),
        sa.PrimaryKeyConstraint("board_id", "level", "bucket", name="pk_score_histogram"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scores",
        sa.Column("board_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_scores_board_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_scores_player_id"),
        sa.PrimaryKeyConstraint("board_id", "player_id", name="pk_scores"),
        sqlite_with_rowid=False,
    )
    op.create_index("scores_rank", "scores", ["board_id", "shown", "points", "player_id"])
    op.create_table(
        "takes",
        sa.Column("id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("right", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_takes_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_takes_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_takes"),
        sa.UniqueConstraint("act", name="uq_takes_act"),
    )
    op.create_index("ix_takes_player_id_pack", "takes", ["player_id", "pack"])
    op.create_table(
        "votes",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value in (-1, 1)", name=op.f("ck_votes_value")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_votes_player_id"),
        sa.PrimaryKeyConstraint("question", "player_id", name="pk_votes"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("live_in", ID),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("player_id", ID),
        sa.Column("take_id", ID),
        sa.Column("position", sa.Integer()),
        sa.Column("speed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("early_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("message", sa.Text()),
        sa.CheckConstraint("(mode = 'live') = (player_id is null)", name=op.f("ck_rounds_owner")),
        sa.CheckConstraint(
            "(live_in is not null) = (mode = 'live' and status in ('claimed', 'open'))",
            name=op.f("ck_rounds_one_live_round_a_place"),
        ),
        sa.CheckConstraint("mode in ('live', 'pack', 'practice')", name=op.f("ck_rounds_mode")),
        sa.CheckConstraint(
            "status in ('claimed', 'open', 'closed', 'told', 'void')", name=op.f("ck_rounds_status")
        ),
        sa.ForeignKeyConstraint(["digest"], ["wordings.digest"], name="fk_rounds_digest"),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_rounds_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_rounds_player_id"),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name="fk_rounds_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("act", name="uq_rounds_act"),
        sa.UniqueConstraint("live_in", name="uq_rounds_live_in"),
        sa.UniqueConstraint("take_id", "position", name="uq_rounds_take_id_position"),
    )
    op.create_index("ix_rounds_place_id_message", "rounds", ["place_id", "message"])
    op.create_index("ix_rounds_status_closes_at", "rounds", ["status", "closes_at"])
    op.create_table(
        "attempts",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_attempts_number")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_attempts_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_attempts_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_attempts"),
        sa.UniqueConstraint("act", name="uq_attempts_act"),
    )
    op.create_table(
        "hints",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_hints_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_hints_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_hints"),
    )
    op.create_table(
        "round_boards",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("board_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_round_boards_board_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_round_boards_round_id"),
        sa.PrimaryKeyConstraint("round_id", "board_id", name="pk_round_boards"),
    )
    op.create_table(
        "sittings",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("tries_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hints_taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("share", sa.Float(), server_default="0", nullable=False),
        sa.Column("solved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_sittings_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_sittings_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", name="pk_sittings"),
    )
    op.create_index("ix_sittings_player_id_finished_at", "sittings", ["player_id", "finished_at"])
    op.create_table(
        "unfolded",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_unfolded_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_unfolded_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_unfolded"),
    )


def downgrade() -> None:
    for table in (
        "unfolded",
        "sittings",
        "round_boards",
        "hints",
        "attempts",
        "rounds",
        "votes",
        "takes",
        "scores",
        "score_histogram",
        "reports",
        "members",
        "draws",
        "days",
        "badges",
        "accounts",
        "wordings",
        "web_versions",
        "web_pictures",
        "web_people",
        "web_messages",
        "players",
        "places",
        "boards",
    ):
        op.drop_table(table)
