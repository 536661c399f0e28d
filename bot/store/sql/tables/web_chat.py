"""What the web chat keeps: its people, messages and pictures."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Text

from bot.store.sql.columns import Id, at, own_id, table

web_people = table(
    "web_people",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    at("created_at"),
)

web_messages = table(
    "web_messages",
    own_id(),
    Column("version", Id, nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("reader", Text),
    Column("speaker", Text),
    Column("author", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    at(),
    Column("replace_key", Text),
    at("replaced_at", nullable=True),
    Index(None, "channel", "id"),
)

web_versions = table(
    "web_versions",
    Column("id", Integer, primary_key=True),
    Column("latest", Id, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

web_pictures = table(
    "web_pictures",
    Column("digest", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
