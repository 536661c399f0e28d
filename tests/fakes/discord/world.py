"""Everything that is remembered.

That is guilds, people, channels, messages, interactions, and who waits for a change.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.clock import Clock
from tests.fakes.denied import Denied
from tests.fakes.discord.permissions import EVERYONE, bits
from tests.fakes.discord.snowflakes import Snowflakes
from tests.fakes.world import SimulatedWorld

Json = dict[str, Any]
Dispatch = Callable[[str, Json, "Channel | None", str], None]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
V2 = 1 << 15
TEXT, DM = 0, 1
TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.simulated.not-a-secret"  # a form that every client takes


@dataclass
class User:
    id: str
    name: str
    bot: bool = False
    takes_dms: bool = True


@dataclass
class Role:
    id: str
    name: str
    permissions: int


@dataclass
class Member:
    user: str
    joined: str
    roles: list[str] = field(default_factory=list)


@dataclass
class Guild:
    id: str
    name: str
    owner: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    emojis: dict[str, str] = field(default_factory=dict)
    """Names of custom emoji, by id."""


@dataclass
class Channel:
    id: str
    kind: int
    name: str = ""
    guild: str = ""
    recipients: tuple[str, ...] = ()
    overwrites: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What a role or member is allowed and denied here, by its id."""


@dataclass
class Message:
    id: str
    channel: str
    author: str
    at: str
    kind: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    edited: str | None = None
    edits: int = 0
    reader: str = ""
    """The only person who sees it, when it is ephemeral."""
    interaction: "Interaction | None" = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Who reacted, by emoji: a character or name:id."""
    allowed_mentions: Json | None = None
    reference: Json | None = None


@dataclass
class Interaction:
    id: str
    token: str
    kind: int
    user: str
    channel: str
    at: float
    data: Json
    message: Message | None = None
    parent: "Interaction | None" = None
    """What opened the modal that this is the answer to."""
    answer: int | None = None
    answered_at: float = 0.0
    original: Message | None = None
    waiting: bool = False
    """A deferral's message still says that the bot is thinking."""
    modal: Json | None = None
    choices: list[Json] | None = None
    message_ids: list[str] = field(default_factory=list)
    """Every message that came of it."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class World(SimulatedWorld):
    def __init__(self, clock: Clock, address: str) -> None:
        super().__init__(clock, address)
        self.gateway = address.replace("http", "ws", 1) + "/gateway"
        self.ids = Snowflakes(clock)
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        """By token."""
        self.commands: dict[str, dict[str, Json]] = {"": {}}
        """By guild ("" for everywhere), then by id."""
        self.created: list[float] = []
        """When commands were created, for the daily limit."""
        self.syncs = 0
        """How often a whole tree was put."""
        self.installed: set[str] = set()
        """People who installed the application for themselves."""
        self.opened: set[str] = set()
        """Commands that a server's managers let everybody use, whatever rights they ask for."""
        self.files: dict[str, tuple[str, bytes]] = {}
        self.privileged = 0
        """Privileged intents that the application may ask for."""
        self.token = TOKEN
        self.bot = self.person("torchproof", bot=True)
        self.owner = self.person("Olive Owner")
        self.dispatch: Dispatch = lambda *_: None
        """Send an event: name, payload, where, guild."""

    # Making

    def person(self, name: str, *, bot: bool = False) -> User:
        user = User(self.ids.next(), name, bot)
        self.users[user.id] = user
        return user

    def guild(self, name: str) -> Guild:
        guild = Guild(self.ids.next(), name, self.owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE)
        self.guilds[guild.id] = guild
        for user in (self.owner, self.bot):
            guild.members[user.id] = Member(user.id, self.clock.iso())
        self.role(guild, self.bot.name, "MANAGE_MESSAGES", to=self.bot.id)
        return guild

    def role(self, guild: Guild, name: str, *permissions: str, to: str = "") -> Role:
        role = Role(self.ids.next(), name, bits(*permissions))
        guild.roles[role.id] = role
        if to:
            guild.members[to].roles.append(role.id)
        return role

    def text_channel(self, guild: Guild, name: str) -> Channel:
        channel = Channel(self.ids.next(), TEXT, name, guild.id)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: str) -> Channel:
        """The one channel between the bot and a person."""
        pair = (self.bot.id, user)
        for channel in self.channels.values():
            if channel.recipients == pair:
                return channel
        channel = Channel(self.ids.next(), DM, recipients=pair)
        self.channels[channel.id] = channel
        return channel

    # Finding

    def of_guild(self, guild: str) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.guild == guild]

    def in_channel(self, channel: str) -> list[Message]:
        return [message for message in self.messages.values() if message.channel == channel]

    def known(self, user: str) -> User:
        if user not in self.users:
            raise Denied(f"there is no person {user}")
        return self.users[user]

    def shared(self, user: str) -> bool:
        """Whether the bot may write to a person: a guild in common, or the person installed it."""
        return user in self.installed or any(
            user in guild.members and self.bot.id in guild.members for guild in self.guilds.values()
        )
