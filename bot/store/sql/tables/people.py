"""Players, their accounts, communities and places, links and badges."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.sql.columns import at, number, own_id, table, text, to

players = table(
    "players",
    own_id(),
    text("name"),
    Column("zone", Text),
    Column("name_hidden", Boolean, nullable=False, server_default=false()),
    at("created_at"),
    Column("zone_before", Text),
    at("zone_since", nullable=True),
)

accounts = table(
    "accounts",
    text("platform", primary_key=True),
    text("person", primary_key=True),
    to("players.id", "player_id"),
    Index(None, "player_id"),
)

members = table(
    "members",
    text("platform", primary_key=True),
    text("community", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    at("left_at", nullable=True),
)


places = table(
    "places",
    own_id(),
    text("platform"),
    text("community"),
    text("channel"),
    Column("zone", Text),
    Column("speed", Boolean, nullable=False, server_default=true()),
    text("answers", server_default="buttons"),
    at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    text("platform", primary_key=True),
    text("community", primary_key=True),
    text("admins", server_default=""),
    text("admins_name", server_default=""),
)


link_codes = table(
    "link_codes",
    to("players.id", "player_id", primary_key=True),
    text("digest", unique=True),
    text("platform"),
    text("community"),
    text("act"),
    at("until"),
)

link_tries = table(
    "link_tries",
    to("players.id", "player_id", primary_key=True),
    number("wrong"),
    text("act"),
    at("until"),
)

links = table(
    "links",
    own_id(),
    to("players.id", "player_id"),
    to("players.id", "joined_id"),
    text("act", unique=True),
    Column("moved", JSON, nullable=False),
    at(),
    at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)


badges = table(
    "badges",
    to("players.id", "player_id", primary_key=True),
    text("badge", primary_key=True),
    at(),
)
