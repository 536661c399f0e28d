"""Every table but those of `day_tables`. The rules that two processes could race for stand here, as keys and checks."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.sql.columns import Id, at, own_id, table, to

# People and places

players = table(
    "players",
    own_id(),
    Column("name", Text, nullable=False),
    Column("zone", Text),
    Column("name_hidden", Boolean, nullable=False, server_default=false()),
    at("created_at"),
    Column("zone_before", Text),
    at("zone_since", nullable=True),
)

accounts = table(
    "accounts",
    Column("platform", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    to("players.id", "player_id"),
    Index(None, "player_id"),
)

members = table(
    "members",
    Column("platform", Text, primary_key=True),
    Column("community", Text, primary_key=True),
    to("players.id", "player_id", primary_key=True),
    at("left_at", nullable=True),
)

places = table(
    "places",
    own_id(),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("zone", Text),
    Column("speed", Boolean, nullable=False, server_default=true()),
    Column("answers", Text, nullable=False, server_default="buttons"),
    at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    Column("platform", Text, primary_key=True),
    Column("community", Text, primary_key=True),
    Column("admins", Text, nullable=False, server_default=""),
    Column("admins_name", Text, nullable=False, server_default=""),
)

# Questions as they were asked, and what people say of them

wordings = table(
    "wordings",
    Column("digest", Text, primary_key=True),
    Column("question", Text, nullable=False),
    Column("body", JSON, nullable=False),
)

draws = table(
    "draws",
    to("places.id", "place_id", primary_key=True),
    Column("question", Text, primary_key=True),
    at(),
)

bags = table(
    "bags",
    to("places.id", "place_id", primary_key=True),
    Column("lap", Id, nullable=False),
)

votes = table(
    "votes",
    Column("question", Text, primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("value", Integer, nullable=False),
    at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = table(
    "reports",
    own_id(),
    Column("question", Text, nullable=False),
    Column("digest", Text, nullable=False),
    to("players.id", "player_id"),
    Column("reason", Text, nullable=False),
    at(),
    at("settled_at", nullable=True),
    to("places.id", "place_id", nullable=True),
    UniqueConstraint("question", "digest", "player_id", "place_id"),
)

# Rounds, sittings, answers

takes = table(
    "takes",
    own_id(),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    Column("pack", Text, nullable=False),
    Column("act", Text, nullable=False, unique=True),
    Column("digests", JSON, nullable=False),
    at("started_at"),
    at("finished_at", nullable=True),
    Column("right", Integer, nullable=False, server_default="0"),
    Index(None, "player_id", "pack"),
)

rounds = table(
    "rounds",
    own_id(),
    Column("act", Text, nullable=False, unique=True),
    Column("mode", Text, nullable=False),
    Column("status", Text, nullable=False),
    to("places.id", "place_id"),
    Column("live_in", Id, unique=True),
    Column("question", Text, nullable=False),
    Column("digest", Text, ForeignKey("wordings.digest"), nullable=False),
    to("players.id", "player_id", nullable=True),
    to("takes.id", "take_id", nullable=True),
    Column("position", Integer),
    Column("speed", Boolean, nullable=False),
    Column("answers", Text, nullable=False),
    Column("wish", Text, nullable=False, server_default=""),
    at("opened_at"),
    at("closes_at", nullable=True),
    at("early_at", nullable=True),
    at("closed_at", nullable=True),
    Column("message", Text),
    at("due_at", nullable=True),
    CheckConstraint("mode in ('live', 'daily', 'pack', 'practice')", name="mode"),
    CheckConstraint("status in ('claimed', 'open', 'closed', 'told', 'void')", name="status"),
    CheckConstraint("(mode in ('live', 'daily')) = (player_id is null)", name="owner"),
    UniqueConstraint("take_id", "position"),
    CheckConstraint(
        "(live_in is not null) = (mode = 'live' and status in ('claimed', 'open'))",
        name="one_live_round_a_place",
    ),
    Index(None, "status", "closes_at"),
    Index(None, "place_id", "message"),
)

# Questions that come by themselves: when, and what became of each local date

schedules = table(
    "schedules",
    own_id(),
    Column("act", Text, nullable=False, unique=True),
    to("places.id", "place_id"),
    Column("cron", Text, nullable=False),
    Column("zone", Text),
    Column("packs", JSON, nullable=False),
    Column("levels", JSON, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("answers", Text),
    to("players.id", "player_id"),
    at("created_at"),
    at("paused_at", nullable=True),
    at("removed_at", nullable=True),
    Column("next_day", Date),
    at("next_at", nullable=True),
    CheckConstraint("minutes > 0", name="minutes"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
    CheckConstraint("(next_day is null) = (next_at is null)", name="next"),
    CheckConstraint(
        "next_at is null or (paused_at is null and removed_at is null)", name="resting"
    ),
    Index(None, "place_id"),
    Index(None, "next_at"),
)

occurrences = table(
    "occurrences",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    at("due_at"),
    at("ends_at"),
    at("lease_until", nullable=True),
    to("rounds.id", "round_id", nullable=True),
    UniqueConstraint("round_id"),
    CheckConstraint("state in ('due', 'posted', 'told', 'skipped', 'missed')", name="state"),
    CheckConstraint("state not in ('posted', 'told') or round_id is not null", name="asked"),
    Index(None, "state", "due_at"),
    Index(None, "due_at"),
)

skips = table(
    "skips",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
)

pins = table(
    "pins",
    to("schedules.id", "schedule_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("question", Text, nullable=False),
    Column("act", Text, nullable=False, server_default=""),
)

holidays = table(
    "holidays",
    to("places.id", "place_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
)

sittings = table(
    "sittings",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("tries_used", Integer, nullable=False, server_default="0"),
    Column("hints_taken", Integer, nullable=False, server_default="0"),
    Column("points", Integer, nullable=False, server_default="0"),
    Column("share", Float, nullable=False, server_default="0"),
    Column("solved", Boolean, nullable=False, server_default=false()),
    at("joined_at"),
    at("finished_at", nullable=True),
    Index(None, "player_id", "finished_at"),
)

attempts = table(
    "attempts",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("act", Text, nullable=False, unique=True),
    Column("answer", JSON, nullable=False),
    Column("share", Float, nullable=False),
    Column("points", Integer, nullable=False),
    Column("gain", Integer, nullable=False),
    Column("factors", JSON, nullable=False),
    at(),
    CheckConstraint("number >= 1", name="number"),
)

hints = table(
    "hints",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
    at(),
    Column("act", Text, unique=True),
)

badges = table(
    "badges",
    to("players.id", "player_id", primary_key=True),
    Column("badge", Text, primary_key=True),
    at(),
)

days = table(
    "days",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("act", Text),
    Index(None, "day"),
    Index(None, "act"),
)

# One member on several platforms

link_codes = table(
    "link_codes",
    to("players.id", "player_id", primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("act", Text, nullable=False),
    at("until"),
)

link_tries = table(
    "link_tries",
    to("players.id", "player_id", primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("act", Text, nullable=False),
    at("until"),
)

links = table(
    "links",
    own_id(),
    to("players.id", "player_id"),
    to("players.id", "joined_id"),
    Column("act", Text, nullable=False, unique=True),
    Column("moved", JSON, nullable=False),
    at(),
    at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)

# Code that members ran, and what came of it

runs = table(
    "runs",
    own_id(),
    Column("run", Text, nullable=False, unique=True),
    Column("act", Text, nullable=False, unique=True),
    to("players.id", "player_id"),
    to("places.id", "place_id"),
    Column("active_of", Id, unique=True),
    Column("bot", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="booked"),
    Column("title", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column("source", Text),
    Column("message", Text),
    at("booked_at"),
    at("started_at", nullable=True),
    at("ended_at", nullable=True),
    at("lease_until"),
    Column("outcome", Text),
    Column("note", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    CheckConstraint("state in ('booked', 'waiting', 'taken', 'ended')", name="state"),
    CheckConstraint("(active_of is null) = (state = 'ended')", name="one_run_a_member"),
    Index(None, "player_id", "booked_at"),
    Index(None, "place_id", "source"),
    Index(None, "state", "lease_until"),
)

# Boards: rebuilt from attempts at any time

boards = table(
    "boards",
    own_id(),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("period_key", Text, nullable=False),
    UniqueConstraint("scope", "scope_key", "period", "period_key"),
)

round_boards = table(
    "round_boards",
    to("rounds.id", "round_id", primary_key=True),
    to("boards.id", "board_id", primary_key=True),
)

scores = table(
    "scores",
    to("boards.id", "board_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("points", Integer, nullable=False),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = table(
    "score_histogram",
    to("boards.id", "board_id", primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

unfolded = table(
    "unfolded",
    to("rounds.id", "round_id", primary_key=True),
    to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
)

# The web chat's own memory

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
    Column("turn_key", Text),
    at("turned_at", nullable=True),
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

# Discord's own memory

discord_notes = table(
    "discord_notes",
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False, server_default=""),
    at(),
    Index(None, "at"),
)

# Slack's own memory; the three tables after the first have the columns that Slack's library writes, of any length

slack_notes = table(
    "slack_notes",
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False, server_default=""),
    at(),
    Index(None, "at"),
)

slack_installations = table(
    "slack_installations",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("client_id", "app_id")),
    *(
        Column(name, Text)
        for name in ("enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name")
    ),
    *(
        Column(name, Text)
        for name in ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")
    ),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", Text, nullable=False),
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
    *(Column(name, Text, nullable=False) for name in ("client_id", "app_id")),
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
    Column("state", Text, nullable=False),
    Column("expire_at", DateTime, nullable=False),
    Index(None, "state"),
)
