"""The gateway, version 10.

Its sessions have a sequence, resume where they broke, and hear what their intents cover.
"""

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from aiohttp import web

from tests.fakes.discord import payloads
from tests.fakes.discord.permissions import may
from tests.fakes.discord.world import DM, Channel, Json, World

GUILDS, MEMBERS, MESSAGES, REACTIONS, DMS, DM_REACTIONS = (
    1,
    1 << 1,
    1 << 9,
    1 << 10,
    1 << 12,
    1 << 13,
)
PRESENCES, CONTENT = 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | CONTENT
KNOWN = (1 << 26) - 1
INTENTS = {
    "GUILD_MEMBER": (MEMBERS, 0),
    "GUILD": (GUILDS, 0),
    "CHANNEL": (GUILDS, 0),
    "MESSAGE_REACTION": (REACTIONS, DM_REACTIONS),
    "MESSAGE": (MESSAGES, DMS),
}
"""By how an event's name begins: what a guild's needs, what a private channel's needs."""
HEARTBEAT_MS = 41_250
SENDS, SENDS_S = 120, 60
REPLAYED = 5_000
IDENTIFY_S = 5.0
DEAD_KEPT = 3


class Line:
    """One websocket: frames leave in order, compressed as the client asked."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request, self.socket = request, socket
        compression = request.query.get("compress", "")
        self._zlib = zlib.compressobj() if compression == "zlib-stream" else None
        self._zstd = _zstd() if compression == "zstd-stream" else None
        self.closing = False
        """Whether it is closed from this side."""
        self._frames: asyncio.Queue[str | int] = asyncio.Queue()
        self.writer = asyncio.create_task(self._write())

    def say(
        self, op: int, payload: Any = None, name: str | None = None, sequence: int | None = None
    ) -> None:
        self.raw(json.dumps({"op": op, "d": payload, "s": sequence, "t": name}))

    def raw(self, text: str) -> None:
        self._frames.put_nowait(text)

    def close(self, code: int) -> None:
        self.closing = True
        self._frames.put_nowait(code)

    def cut(self) -> None:
        """As a broken cable does: no closing frame."""
        self.writer.cancel()
        transport = self.request.transport
        if transport:
            transport.abort()

    async def _write(self) -> None:
        try:
            while not isinstance(frame := await self._frames.get(), int):
                await self._send(frame)
            await self.socket.close(code=frame)
        except ConnectionError:
            """The other side is gone."""

    async def _send(self, text: str) -> None:
        if self._zlib:
            await self.socket.send_bytes(
                self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            )
        elif self._zstd:
            await self.socket.send_bytes(self._zstd.compress(text.encode()) + self._zstd.flush(1))
        else:
            await self.socket.send_str(text)


Deed = Callable[[Line, Any], None]


def _zstd() -> Any:
    """A client asks for it only where this same package is installed."""
    import zstandard  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 — often not there

    return zstandard.ZstdCompressor().compressobj()


@dataclass
class Session:
    id: str
    intents: int
    shard: int
    shards: int
    line: Line | None
    sequence: int = 0
    sent_frames: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED))

    def tell(self, name: str, payload: Json) -> None:
        self.sequence += 1
        frame = json.dumps({"op": 0, "d": payload, "s": self.sequence, "t": name})
        self.sent_frames.append((self.sequence, frame))
        if self.line:
            self.line.raw(frame)

    def covers(self, guild: str) -> bool:
        return (int(guild or 0) >> 22) % self.shards == self.shard


class Gateway:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.lines: set[Line] = set()
        self.closed = False
        """Whether new connections are turned away."""
        self.twice = 0
        """How many events are still sent two times."""
        self.held: list[tuple[Session, str, Json]] | None = None
        self.paced = False
        """Whether two sessions of one shard must begin five seconds apart."""
        self._began: dict[int, float] = {}
        self.identified = 0
        self.resumed = 0

    # Telling

    def dispatch(
        self, name: str, payload: Json, channel: Channel | None = None, guild: str = ""
    ) -> None:
        guild = channel.guild if channel else guild
        for session in list(self.sessions.values()):
            if session.covers(guild) and self._wants(session, name, channel):
                self._tell(session, name, self._censored(session, name, payload, channel))

    def _tell(self, session: Session, name: str, payload: Json) -> None:
        if self.held is not None:
            self.held.append((session, name, payload))
            return
        session.tell(name, payload)
        if self.twice:
            self.twice -= 1
            session.tell(name, payload)

    def release(self, *, backwards: bool) -> None:
        held, self.held = self.held or [], None
        for session, name, payload in reversed(held) if backwards else held:
            session.tell(name, payload)

    def _wants(self, session: Session, name: str, channel: Channel | None) -> bool:
        for start, (public, private) in INTENTS.items():
            if name.startswith(start):
                wanted = private if channel and channel.kind == DM else public
                return bool(session.intents & wanted) and self._sees(name, channel)
        return True

    def _sees(self, name: str, channel: Channel | None) -> bool:
        """The bot hears of messages only where it may look."""
        if channel is None or not name.startswith("MESSAGE"):
            return True
        return may(self.world, self.world.bot.id, channel, "VIEW_CHANNEL")

    def _censored(
        self, session: Session, name: str, payload: Json, channel: Channel | None
    ) -> Json:
        """Without the content intent a bot reads what is written only in private or by mention."""
        if name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or session.intents & CONTENT:
            return payload
        bot = self.world.bot.id
        if payload["author"]["id"] == bot or (channel and channel.kind == DM):
            return payload
        if any(each["id"] == bot for each in payload["mentions"]):
            return payload
        return {**payload, "content": "", "embeds": [], "attachments": [], "components": []}

    # Listening

    async def connect(self, request: web.Request) -> web.StreamResponse:
        if self.closed:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=4096 * 4)
        await socket.prepare(request)
        line = Line(request, socket)
        self.lines.add(line)
        line.say(10, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})
        try:
            await self._listen(line)
        finally:
            self._leave(line)
        return socket

    def _leave(self, line: Line) -> None:
        line.writer.cancel()
        self.lines.discard(line)
        for session in list(self.sessions.values()):
            if session.line is line:
                session.line = None
                if not line.closing and line.socket.close_code in {
                    1000,
                    1001,
                }:  # goodbye: nothing to resume
                    del self.sessions[session.id]
        self.world.touch()

    async def _listen(self, line: Line) -> None:
        sent: deque[float] = deque(maxlen=SENDS)
        async for frame in line.socket:
            now = self.world.clock.elapsed()
            hasty = len(sent) == SENDS and now - sent[0] < SENDS_S
            sent.append(now)
            if hasty:
                line.close(4008)
            elif not line.closing:
                self._read(line, frame.data)

    def _read(self, line: Line, text: str | bytes) -> None:
        try:
            sent = json.loads(text)
        except ValueError:
            line.close(4002)
        else:
            self._hear(line, sent)

    def _hear(self, line: Line, sent: Json) -> None:
        deeds: dict[int, Deed] = {
            1: self._beat,
            2: self._identify,
            6: self._resume,
            8: self._members,
            3: _nothing,
            4: _nothing,
        }
        action = deeds.get(sent.get("op", -1))
        if action is None:
            line.close(4001)
        elif sent["op"] in {3, 4, 8} and not self._session_of(line):
            line.close(4003)
        else:
            action(line, sent.get("d"))

    def _session_of(self, line: Line) -> Session | None:
        return next((session for session in self.sessions.values() if session.line is line), None)

    def _beat(self, line: Line, _: Any) -> None:
        line.say(11)

    def _identify(self, line: Line, asked: Json) -> None:
        shard, shards = asked.get("shard") or (0, 1)
        refused = self._refused(line, asked, shard, shards)
        if refused:
            line.close(refused)
            return
        if self._is_hasty(shard):
            line.say(9, False)
            return
        self._forget_the_dead()
        session = Session(token_hex(16), asked["intents"], shard, shards, line)
        self.sessions[session.id] = session
        self.identified += 1
        self._welcome(session)
        self.world.touch()

    def _forget_the_dead(self) -> None:
        """Sessions that nobody resumes; the last few are kept for whoever still might."""
        dead = [session for session in self.sessions.values() if session.line is None]
        for session in dead[:-DEAD_KEPT]:
            del self.sessions[session.id]

    def _is_hasty(self, shard: int) -> bool:
        now = self.world.clock.elapsed()
        hasty = self.paced and now - self._began.get(shard, -IDENTIFY_S) < IDENTIFY_S
        self._began[shard] = self._began[shard] if hasty else now
        return hasty

    def _refused(self, line: Line, asked: Json, shard: int, shards: int) -> int:
        intents = asked.get("intents")
        if self._session_of(line):
            return 4005
        if asked.get("token") != self.world.token:
            return 4004
        if not 0 <= shard < shards:
            return 4010
        if not isinstance(intents, int) or intents & ~KNOWN:
            return 4013
        return 4014 if intents & PRIVILEGED & ~self.world.privileged else 0

    def _welcome(self, session: Session) -> None:
        world = self.world
        guilds = [
            guild
            for guild in world.guilds.values()
            if session.covers(guild.id) and world.bot.id in guild.members
        ]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": {
                    **payloads.user(world.bot),
                    "mfa_enabled": False,
                    "verified": True,
                    "email": None,
                },
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": world.gateway,
                "shard": [session.shard, session.shards],
                "application": {"id": world.bot.id, "flags": 0},
                "private_channels": [],
            },
        )
        for guild in guilds:
            if session.intents & GUILDS:
                session.tell(
                    "GUILD_CREATE",
                    payloads.arrival(world, guild, everybody=bool(session.intents & MEMBERS)),
                )

    def _resume(self, line: Line, asked: Json) -> None:
        session = self.sessions.get(asked.get("session_id", ""))
        if asked.get("token") != self.world.token:
            line.close(4004)
        elif session is None:
            line.say(9, False)
        elif asked["seq"] > session.sequence:
            line.close(4007)
        else:
            self._continue(session, line, asked["seq"])

    def _continue(self, session: Session, line: Line, heard: int) -> None:
        if session.line:
            session.line.close(4000)
        session.line = line
        for sequence, frame in list(session.sent_frames):
            if sequence > heard:
                line.raw(frame)
        self.resumed += 1
        session.tell("RESUMED", {"_trace": []})
        self.world.touch()

    def _members(self, line: Line, asked: Json) -> None:
        session, guild = self._session_of(line), self.world.guilds.get(str(asked["guild_id"]))
        if session and guild:
            wanted = asked.get("user_ids") or list(guild.members)
            there = [
                one
                for one in ([wanted] if isinstance(wanted, str) else wanted)
                if str(one) in guild.members
            ]
            members = [payloads.member(self.world, guild, str(one)) for one in there]
            chunk = {"guild_id": guild.id, "members": members, "chunk_index": 0, "chunk_count": 1}
            session.tell(
                "GUILD_MEMBERS_CHUNK", chunk | {"not_found": [], "nonce": asked.get("nonce")}
            )

    # Faults

    def drop(self, code: int = 0) -> None:
        """Close every connection with a code, or cut it without one (0)."""
        for line in list(self.lines):
            line.close(code) if code else line.cut()

    def reconnect(self) -> None:
        for line in list(self.lines):
            line.say(7)

    def invalidate(self, *, resumable: bool) -> None:
        for session in list(self.sessions.values()):
            if session.line:
                session.line.say(9, resumable)
            if not resumable:
                del self.sessions[session.id]

    def garble(self, name: str, payload: Any) -> None:
        """An event such as the real service never sends, to every session."""
        for session in self.sessions.values():
            session.tell(name, payload)


def _nothing(line: Line, asked: Any) -> None:
    """Presence and voice change nothing here."""
