"""Everything that is remembered.

That is workspaces, people, channels, messages, views, acts, and who waits for a change.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex, token_urlsafe
from typing import Any

from tests.fakes.clock import Clock
from tests.fakes.denied import Denied
from tests.fakes.world import SimulatedWorld

Json = dict[str, Any]
Tell = Callable[["Team", Json], None]

CHANNEL, GROUP, IM = "channel", "group", "im"
APP = "A0TORCH0001"
CLIENT = "100000000001.200000000002"
SECRET = "simulated-client-secret-not-a-secret"
SIGNING = "simulated-signing-secret-not-a-secret"
CONFIG_TOKEN = "xoxe.xoxp-1-simulated-not-a-secret"
APP_TOKEN = "xapp-1-A0TORCH0001-1-simulated-not-a-secret"
SCOPES = frozenset(
    "app_mentions:read channels:history channels:join channels:read chat:write chat:write.public "
    "commands files:read files:write groups:history groups:read im:history im:read im:write "
    "reactions:read reactions:write team:read users:read".split()
)
EVENTS = frozenset(
    "app_home_opened app_mention app_uninstalled channel_archive channel_deleted "
    "member_joined_channel member_left_channel message.channels message.groups message.im "
    "reaction_added reaction_removed team_join tokens_revoked user_change".split()
)


@dataclass
class User:
    id: str
    team: str
    name: str
    """As it is shown; people change it as they like."""
    bot: bool = False
    admin: bool = False
    handle: str = ""
    zone: str = "Europe/Amsterdam"
    deleted: bool = False
    home: "View | None" = None
    looking_home: bool = False
    stack: "list[View]" = field(default_factory=list)
    """Modals before them, the lowest first."""
    drafts: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)
    """What they have chosen and not sent: by message or view, block, action."""


@dataclass
class Team:
    id: str
    name: str
    domain: str
    bot: str = ""
    token: str = ""
    enterprise: str = ""
    """The organisation that it belongs to, where it does."""
    users: dict[str, User] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        return bool(self.token)


@dataclass
class Channel:
    id: str
    team: str
    kind: str
    name: str = ""
    members: set[str] = field(default_factory=set)
    archived: bool = False


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reader: str = ""
    """The only person who sees it, when it is ephemeral."""
    thread: str = ""
    edited: str = ""
    edits: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Who reacted, by short name (with a skin tone where there is one)."""

    @property
    def id(self) -> str:
        return f"{self.channel}:{self.ts}"


@dataclass
class View:
    id: str
    team: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str = ""
    errors: Json = field(default_factory=dict)
    open: bool = True


@dataclass
class File:
    id: str
    team: str
    name: str
    length: int
    alt: str = ""
    title: str = ""
    content: bytes | None = None
    done: bool = False
    ready_at: float = 0.0
    """When a message may show it."""
    key: str = field(default_factory=lambda: token_urlsafe(16))


@dataclass
class Act:
    """Something done that the bot must acknowledge."""

    id: str
    kind: str
    team: str
    user: str
    at: float
    channel: str = ""
    message: Message | None = None
    view: View | None = None
    name: str = ""
    trigger: str = ""
    triggered: bool = False
    """Its trigger has opened something."""
    url: str = field(default_factory=lambda: token_urlsafe(24))
    url_uses: int = 0
    acked_at: float | None = None
    answer: Any = None
    message_ids: list[str] = field(default_factory=list)
    """Every message that came of it by its acknowledgement or its response_url."""
    opened: View | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class App:
    """The application as it is configured at the service."""

    commands: dict[str, Json] | None = None
    """By name; None: any that somebody types."""
    shortcuts: dict[str, str] | None = None
    """Kind of each callback id; None: any."""
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = EVENTS
    request_url: str = ""
    """Where everything is sent to; empty: Socket Mode."""
    home: bool = True
    manifest: Json = field(default_factory=dict)
    """As it was configured, for whoever owns it."""


class World(SimulatedWorld):
    def __init__(self, clock: Clock, address: str) -> None:
        super().__init__(clock, address)
        self.app = App()
        self.teams: dict[str, Team] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        """By channel:ts."""
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.acts: dict[str, Act] = {}
        """By id, which is its action_ts too."""
        self.triggers: dict[str, Act] = {}
        self.urls: dict[str, Act] = {}
        self.codes: dict[str, tuple[str, str, float]] = {}
        """What a person allowed: workspace, redirect and time, by code."""
        self.revoked: set[str] = set()
        self.file_delay = 0.0
        self.tell: Tell = lambda *_: None
        """Send an event to the bot of a workspace."""
        self._numbers = count(1)
        self._last_us = 0

    # Making

    def id(self, letter: str) -> str:
        return f"{letter}0{next(self._numbers):09}"

    def ts(self) -> str:
        """An instant that no other message has."""
        self._last_us = max(self._last_us + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06}"

    def team(self, name: str) -> Team:
        team = Team(self.id("T"), name, "-".join(name.lower().split()))
        self.teams[team.id] = team
        return team

    def install(self, team: Team) -> None:
        if not team.bot:
            team.bot = self.person(team, "torchproof", bot=True).id
        team.token = f"xoxb-{team.id}-{token_hex(8)}"

    def person(self, team: Team, name: str, *, bot: bool = False, admin: bool = False) -> User:
        user = User(self.id("U"), team.id, name, bot, admin, "".join(name.casefold().split()))
        team.users[user.id] = user
        return user

    def channel(self, team: Team, name: str, kind: str = CHANNEL) -> Channel:
        channel = Channel(self.id("C"), team.id, kind, name)
        self.channels[channel.id] = channel
        return channel

    def dm(self, team: Team, user: str) -> Channel:
        """The one channel between the bot and a person."""
        pair = {team.bot, user}
        for channel in self.channels.values():
            if channel.kind == IM and channel.members == pair:
                return channel
        channel = Channel(self.id("D"), team.id, IM, members=pair)
        self.channels[channel.id] = channel
        return channel

    # Finding

    def by_token(self, token: str) -> Team | None:
        return next(
            (team for team in self.teams.values() if team.token and team.token == token), None
        )

    def in_channel(self, channel: str) -> list[Message]:
        return [message for message in self.messages.values() if message.channel == channel]

    def known(self, user: str) -> tuple[Team, User]:
        for team in self.teams.values():
            if user in team.users:
                return team, team.users[user]
        raise Denied(f"there is no person {user}")

    def by_view(self, view: str) -> View | None:
        found = self.views.get(view)
        return found if found and found.open else None
