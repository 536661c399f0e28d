"""Players, their accounts, communities and places, links and badges."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.sql.columns import at, flag, json, number, own_id, table, text, to

players = table(
    "players",
    own_id(),
    text("name"),
    Column("zone", Text),
    flag("name_hidden", server_default=false()),
    at("created_at"),
    Column("zone_before", Text),
    at("zone_since", nullable=True),
)

accounts = table(
    "accounts",
    text("platform", key=True),
    text("person", key=True),
    to("players"),
    Index(None, "player_id"),
)

members = table(
    "members",
    text("platform", key=True),
    text("community", key=True),
    to("players", key=True),
    at("left_at", nullable=True),
)


places = table(
    "places",
    own_id(),
    text("platform"),
    text("community"),
    text("channel"),
    Column("zone", Text),
    flag("speed", server_default=true()),
    text("answers", server_default="buttons"),
    at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    text("platform", key=True),
    text("community", key=True),
    text("admins", server_default=""),
    text("admins_name", server_default=""),
)


link_codes = table(
    "link_codes",
    to("players", key=True),
    text("digest", unique=True),
    text("platform"),
    text("community"),
    text("act"),
    at("until"),
)

link_tries = table(
    "link_tries",
    to("players", key=True),
    number("wrong"),
    text("act"),
    at("until"),
)

links = table(
    "links",
    own_id(),
    to("players"),
    to("players", "joined_id"),
    text("act", unique=True),
    json("moved"),
    at(),
    at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)


badges = table(
    "badges",
    to("players", key=True),
    text("badge", key=True),
    at(),
)
