"""Expand: what streaks, reminders and weekly digests remember."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
PLAYER, PLACE = "players", "places"


def upgrade() -> None:
    with op.batch_alter_table("players") as players:
        players.add_column(sa.Column("zone_before", sa.Text()))
        players.add_column(sa.Column("zone_since", AT))
    op.add_column("days", sa.Column("act", sa.Text()))
    op.create_index("ix_days_day", "days", ["day"])
    op.create_index("ix_days_act", "days", ["act"])
    _streaks()
    _presence()
    _letters()


def downgrade() -> None:
    for name in ("digest_posts", "digests", "letters", "reminders", "outages", "heartbeat"):
        op.drop_table(name)
    for name in ("repairs", "lapses", "zone_changes"):
        op.drop_table(name)
    op.drop_index("ix_days_act", "days")
    op.drop_index("ix_days_day", "days")
    with op.batch_alter_table("days") as days:
        days.drop_column("act")
    with op.batch_alter_table("players") as players:
        players.drop_column("zone_since")
        players.drop_column("zone_before")


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _streaks() -> None:
    op.create_table(
        "zone_changes",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        _of("zone_changes", "player_id", PLAYER),
        sa.PrimaryKeyConstraint("player_id", "since", name="pk_zone_changes"),
    )
    op.create_table(
        "lapses",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("passed", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("told_at", AT),
        sa.CheckConstraint("passed in ('frozen', 'ended')", name=op.f("ck_lapses_passed")),
        _of("lapses", "player_id", PLAYER),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_lapses"),
    )
    op.create_table(
        "repairs",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        _of("repairs", "player_id", PLAYER),
        _of("repairs", "by_id", PLAYER),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_repairs"),
    )


def _presence() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_at", AT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_single")),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
    op.create_table(
        "outages",
        sa.Column("id", ID, nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=False),
        sa.CheckConstraint("began_at < ended_at", name=op.f("ck_outages_order")),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
        sa.UniqueConstraint("began_at", name="uq_outages_began_at"),
    )


def _letters() -> None:
    op.create_table(
        "reminders",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("refused_at", AT),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_reminders_hour")),
        _of("reminders", "player_id", PLAYER),
        sa.PrimaryKeyConstraint("player_id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_next_at", "reminders", ["next_at"])
    op.create_table(
        "letters",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", AT, nullable=False),
        sa.Column("sent_at", AT),
        _of("letters", "player_id", PLAYER),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_letters"),
    )
    op.create_index("ix_letters_sent_at_claimed_at", "letters", ["sent_at", "claimed_at"])
    op.create_table(
        "digests",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("next_at", AT, nullable=False),
        _of("digests", "place_id", PLACE),
        sa.PrimaryKeyConstraint("place_id", name="pk_digests"),
    )
    op.create_index("ix_digests_next_at", "digests", ["next_at"])
    op.create_table(
        "digest_posts",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("claimed_at", AT, nullable=False),
        sa.Column("posted_at", AT),
        sa.Column("message", sa.Text()),
        _of("digest_posts", "place_id", PLACE),
        sa.PrimaryKeyConstraint("place_id", "week", name="pk_digest_posts"),
    )
    op.create_index(
        "ix_digest_posts_posted_at_claimed_at", "digest_posts", ["posted_at", "claimed_at"]
    )
