"""What adapters keep."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Text

from bot.store.sql.columns import Id, flag, instant_column, number, own_id, table, text

discord_values = table(
    "discord_values",
    text("name", key=True),
    text("value", server_default=""),
    instant_column(),
    Index(None, "at"),
)


slack_values = table(
    "slack_values",
    text("name", key=True),
    text("value", server_default=""),
    instant_column(),
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
    flag("is_enterprise_install"),
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
    flag("is_enterprise_install"),
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


web_people = table(
    "web_people",
    text("id", key=True),
    text("name"),
    text("name_key", unique=True),
    instant_column("created_at"),
)

web_messages = table(
    "web_messages",
    own_id(),
    Column("version", Id, nullable=False, unique=True),
    text("key", unique=True),
    text("channel"),
    Column("reader", Text),
    Column("speaker", Text),
    text("author"),
    text("html"),
    text("text"),
    instant_column(),
    Column("replace_key", Text),
    instant_column("replaced_at", nullable=True),
    Index(None, "channel", "id"),
)

web_versions = table(
    "web_versions",
    number("id", key=True),
    Column("latest", Id, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

web_pictures = table(
    "web_pictures",
    text("digest", key=True),
    Column("data", LargeBinary, nullable=False),
)
