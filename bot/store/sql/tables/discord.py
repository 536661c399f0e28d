"""What the Discord adapter keeps."""

from sqlalchemy import Index

from bot.store.sql.columns import at, table, text

discord_values = table(
    "discord_values",
    text("name", primary_key=True),
    text("value", server_default=""),
    at(),
    Index(None, "at"),
)
