"""Expand: what Discord brings. Places can be paused, communities name their admins, a hint is taken once for each act."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("admins", sa.Text(), server_default="", nullable=False),
        sa.Column("admins_name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", name="pk_communities"),
    )
    op.create_table(
        "discord_notes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_discord_notes"),
    )
    op.create_index("ix_discord_notes_at", "discord_notes", ["at"])
    with op.batch_alter_table("hints") as hints:
        hints.add_column(sa.Column("act", sa.Text()))
        hints.create_unique_constraint("uq_hints_act", ["act"])
    with op.batch_alter_table("places") as places:
        places.add_column(sa.Column("paused_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("places") as places:
        places.drop_column("paused_at")
    with op.batch_alter_table("hints") as hints:
        hints.drop_constraint("uq_hints_act", type_="unique")
        hints.drop_column("act")
    op.drop_table("discord_notes")
    op.drop_table("communities")
