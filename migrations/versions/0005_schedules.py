"""Expand: questions that come by themselves; their rounds are of a mode of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _rounds(("'live'", "'daily'", "'pack'", "'practice'"), "mode in ('live', 'daily')", expand=True)
    op.create_table(
        "bags",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("lap", ID, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_bags_place_id"),
        sa.PrimaryKeyConstraint("place_id", name="pk_bags"),
    )
    _schedules()
    _occurrences()
    pinned = (
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
    )
    for name, more in (("skips", ()), ("pins", pinned)):
        op.create_table(
            name,
            sa.Column("schedule_id", ID, nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            *more,
            sa.ForeignKeyConstraint(
                ["schedule_id"], ["schedules.id"], name=f"fk_{name}_schedule_id"
            ),
            sa.PrimaryKeyConstraint("schedule_id", "day", name=f"pk_{name}"),
        )
    op.create_table(
        "holidays",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_holidays_place_id"),
        sa.PrimaryKeyConstraint("place_id", "day", name="pk_holidays"),
    )


def downgrade() -> None:
    for name in ("holidays", "pins", "skips", "occurrences", "schedules", "bags"):
        op.drop_table(name)
    _rounds(("'live'", "'pack'", "'practice'"), "mode = 'live'", expand=False)


def _rounds(modes: tuple[str, ...], public: str, *, expand: bool) -> None:
    with op.batch_alter_table("rounds") as rounds:
        rounds.drop_constraint(op.f("ck_rounds_mode"), type_="check")
        rounds.drop_constraint(op.f("ck_rounds_owner"), type_="check")
        rounds.create_check_constraint(op.f("ck_rounds_mode"), f"mode in ({', '.join(modes)})")
        rounds.create_check_constraint(op.f("ck_rounds_owner"), f"({public}) = (player_id is null)")
        if expand:
            rounds.add_column(sa.Column("due_at", AT))
        else:
            rounds.drop_column("due_at")


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("packs", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text()),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("paused_at", AT),
        sa.Column("removed_at", AT),
        sa.Column("next_day", sa.Date()),
        sa.Column("next_at", AT),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_schedules_minutes")),
        sa.CheckConstraint(
            "answers in ('buttons', 'reactions')", name=op.f("ck_schedules_answers")
        ),
        sa.CheckConstraint(
            "(next_day is null) = (next_at is null)", name=op.f("ck_schedules_next")
        ),
        sa.CheckConstraint(
            "next_at is null or (paused_at is null and removed_at is null)",
            name=op.f("ck_schedules_resting"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_schedules_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_schedules_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("act", name="uq_schedules_act"),
    )
    op.create_index("ix_schedules_place_id", "schedules", ["place_id"])
    op.create_index("ix_schedules_next_at", "schedules", ["next_at"])


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("lease_until", AT),
        sa.Column("round_id", ID),
        sa.CheckConstraint(
            "state in ('due', 'posted', 'told', 'skipped', 'missed')",
            name=op.f("ck_occurrences_state"),
        ),
        sa.CheckConstraint(
            "state not in ('posted', 'told') or round_id is not null",
            name=op.f("ck_occurrences_asked"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_occurrences_round_id"),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name="fk_occurrences_schedule_id"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "day", name="pk_occurrences"),
        sa.UniqueConstraint("round_id", name="uq_occurrences_round_id"),
    )
    op.create_index("ix_occurrences_state_due_at", "occurrences", ["state", "due_at"])
    op.create_index("ix_occurrences_due_at", "occurrences", ["due_at"])
