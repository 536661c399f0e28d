"""Expand: the code that members ran, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("active_of", ID),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="booked", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("output", sa.Text(), server_default="", nullable=False),
        sa.Column("hidden", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state in ('booked', 'waiting', 'taken', 'ended')", name=op.f("ck_runs_state")
        ),
        sa.CheckConstraint(
            "(active_of is null) = (state = 'ended')", name=op.f("ck_runs_one_run_a_member")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_runs_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_runs_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("act", name="uq_runs_act"),
        sa.UniqueConstraint("active_of", name="uq_runs_active_of"),
        sa.UniqueConstraint("run", name="uq_runs_run"),
    )
    op.create_index("ix_runs_place_id_source", "runs", ["place_id", "source"])
    op.create_index("ix_runs_player_id_booked_at", "runs", ["player_id", "booked_at"])
    op.create_index("ix_runs_state_lease_until", "runs", ["state", "lease_until"])


def downgrade() -> None:
    op.drop_table("runs")
