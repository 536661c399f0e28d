"""What the Slack adapter keeps. Slack's library writes all tables but the first."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Text

from bot.store.sql.columns import at, table, text

slack_values = table(
    "slack_values",
    text("name", primary_key=True),
    text("value", server_default=""),
    at(),
    Index(None, "at"),
)

slack_installations = table(
    "slack_installations",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(text(name) for name in ("client_id", "app_id")),
    *(
        Column(name, Text)
        for name in ("enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name")
    ),
    *(
        Column(name, Text)
        for name in ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
    ),
    Column("bot_token_expires_at", DateTime),
    text("user_id"),
    *(Column(name, Text) for name in ("user_token", "user_scopes", "user_refresh_token")),
    Column("user_token_expires_at", DateTime),
    *(
        Column(f"incoming_webhook_{name}", Text)
        for name in ("url", "channel", "channel_id", "configuration_url")
    ),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", Text),
    Column("installed_at", DateTime, nullable=False),
    Index(
        "ix_slack_installations_whose",
        "client_id",
        "enterprise_id",
        "team_id",
        "user_id",
        "installed_at",
    ),
)

slack_bots = table(
    "slack_bots",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(text(name) for name in ("client_id", "app_id")),
    *(Column(name, Text) for name in ("enterprise_id", "enterprise_name", "team_id", "team_name")),
    *(
        Column(name, Text)
        for name in ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
    ),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("ix_slack_bots_whose", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = table(
    "slack_oauth_states",
    Column("id", Integer, primary_key=True, autoincrement=True),
    text("state"),
    Column("expire_at", DateTime, nullable=False),
    Index(None, "state"),
)
