"""Expand: what Slack's side remembers, its installations, and one member behind accounts on several platforms."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BOT = ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
WEBHOOK = tuple(
    f"incoming_webhook_{name}" for name in ("url", "channel", "channel_id", "configuration_url")
)


def upgrade() -> None:
    _links()
    op.create_table(
        "slack_notes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_slack_notes"),
    )
    op.create_index("ix_slack_notes_at", "slack_notes", ["at"])
    _installations()
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_oauth_states"),
    )
    op.create_index("ix_slack_oauth_states_state", "slack_oauth_states", ["state"])


def _links() -> None:
    op.create_table(
        "link_codes",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_link_codes_player_id"),
        sa.PrimaryKeyConstraint("player_id", name="pk_link_codes"),
        sa.UniqueConstraint("digest", name="uq_link_codes_digest"),
    )
    op.create_table(
        "link_tries",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_link_tries_player_id"),
        sa.PrimaryKeyConstraint("player_id", name="pk_link_tries"),
    )
    op.create_table(
        "links",
        sa.Column("id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("joined_id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_act", sa.Text()),
        sa.CheckConstraint("player_id <> joined_id", name=op.f("ck_links_two_players")),
        sa.ForeignKeyConstraint(["joined_id"], ["players.id"], name="fk_links_joined_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_links_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("act", name="uq_links_act"),
    )
    op.create_index("ix_links_player_id", "links", ["player_id"])
    op.create_index("ix_links_joined_id", "links", ["joined_id"])


def _installations() -> None:
    """The columns that Slack's library writes."""
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("client_id", "app_id")),
        *(
            sa.Column(name, sa.Text())
            for name in ("enterprise_id", "enterprise_name", "enterprise_url")
        ),
        *(sa.Column(name, sa.Text()) for name in ("team_id", "team_name", *BOT)),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("user_id", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text())
            for name in ("user_token", "user_scopes", "user_refresh_token")
        ),
        sa.Column("user_token_expires_at", sa.DateTime()),
        *(sa.Column(name, sa.Text()) for name in WEBHOOK),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("token_type", sa.Text()),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_installations"),
    )
    whose = ["client_id", "enterprise_id", "team_id"]
    op.create_index(
        "ix_slack_installations_whose", "slack_installations", [*whose, "user_id", "installed_at"]
    )
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("client_id", "app_id")),
        *(
            sa.Column(name, sa.Text())
            for name in ("enterprise_id", "enterprise_name", "team_id", "team_name", *BOT)
        ),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_bots"),
    )
    op.create_index("ix_slack_bots_whose", "slack_bots", [*whose, "installed_at"])


def downgrade() -> None:
    for table in ("slack_oauth_states", "slack_bots", "slack_installations", "slack_notes"):
        op.drop_table(table)
    for table in ("links", "link_tries", "link_codes"):
        op.drop_table(table)
