"""The live connection of one open page."""

import asyncio
import logging
from collections.abc import AsyncIterable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.chat.kit import typed_commands
from bot.chat.kit.uploads import arrived
from bot.chat.port import Upload
from bot.chat.web.actions import SORRY, Actions
from bot.chat.web.address import Address
from bot.chat.web.feed import Feed, Subscriber, instant, written
from bot.chat.web.frames import LARGEST_FRAME, Clock, Earlier, act_id, read
from bot.chat.web.rate_limit import CountLimit, RateLimit
from bot.chat.web.storage import ChatStorage, StoredMessage
from bot.errors import UserError
from bot.identity import Person

_log = logging.getLogger(__name__)

STRANGER = 4401
"""Tells the page that nobody is known by its cookie: it goes back to the entrance."""
CROWDED = 4429
"""Tells the page that too many are open already."""
TOO_MANY = (
    "You have this chat open in many windows already. Close some of them, and this one opens."
)
TOO_MANY_THERE = (
    "Too many windows of this chat are open where you are. Close some, and this one opens."
)
_PAGE = 100
"""Messages of a channel shown at once."""
_MOST_MISSED = 500
"""Who missed more than this begins anew with the last messages of each channel."""
_MOST_WINDOWS = 12
_MOST_WINDOWS_THERE = 200
"""From one address: a class sits behind one."""
_HEARTBEAT_S = 20.0
_SEND_TIMEOUT_S = 15.0

Sources = Callable[[], Mapping[str, Sequence[str]]]


class LiveSockets:
    def __init__(
        self,
        shelf: ChatStorage,
        feed: Feed,
        acts: Actions,
        channels: Sequence[str],
        sources: Sources,
        now: Callable[[], datetime],
        address: Address,
    ) -> None:
        self._shelf, self._feed, self._acts, self._address = shelf, feed, acts, address
        self._channels, self._sources, self._now = channels, sources, now
        self._pace = RateLimit(burst=20, rate=5)
        self._windows, self._windows_there = (
            CountLimit(_MOST_WINDOWS),
            CountLimit(_MOST_WINDOWS_THERE),
        )
        self._open: dict[Subscriber, web.WebSocketResponse] = {}

    async def serve(
        self, request: web.Request, person: Person | None, after: int
    ) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=LARGEST_FRAME)
        await socket.prepare(request)
        if person is None:
            await socket.close(code=STRANGER, message=b"enter first")
            return socket
        there = self._address.remote(request)
        if crowd := self._crowd(person.id, there):
            await socket.send_json({"kind": "trouble", "text": crowd})
            await socket.close(code=CROWDED, message=b"too many windows")
            return socket
        seat = Subscriber(person.id, lambda: _abort(request))
        with (
            self._counted(person.id, there),
            suppress(ConnectionError),
        ):  # some go before they are greeted
            await self._seated(socket, seat, person, after)
        return socket

    def _crowd(self, person: str, there: str) -> str:
        """Why one more window is too much, if it is."""
        if not self._windows.has_room(person):
            return TOO_MANY
        return "" if self._windows_there.has_room(there) else TOO_MANY_THERE

    @contextmanager
    def _counted(self, person: str, there: str) -> Iterator[None]:
        self._windows.take(person)
        self._windows_there.take(there)
        try:
            yield
        finally:
            self._windows.give_back(person)
            self._windows_there.give_back(there)

    async def _seated(
        self, socket: web.WebSocketResponse, seat: Subscriber, person: Person, after: int
    ) -> None:
        self._open[seat] = socket
        try:
            await self._feed.sit(seat)
            await self._talk_with(socket, seat, person, after)
        finally:
            self._feed.rise(seat)
            self._open.pop(seat, None)

    async def dismiss(self, person: str) -> None:
        """Closes every page of somebody who left."""
        sockets = [socket for seat, socket in self._open.items() if seat.person == person]
        await asyncio.gather(*(socket.close(code=STRANGER, message=b"left") for socket in sockets))

    async def close(self) -> None:
        sockets = list(self._open.values())
        closing = (
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"closing") for socket in sockets
        )
        await asyncio.gather(*closing, return_exceptions=True)

    async def _talk_with(
        self, socket: web.WebSocketResponse, seat: Subscriber, person: Person, after: int
    ) -> None:
        for frame in await self._greeting(person, after):
            await socket.send_json(frame)
        sending = asyncio.create_task(_send(socket, seat))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(seat, person, message.data)
                else:
                    seat.tell({"kind": "trouble", "text": "Only text is understood here."})
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _greeting(self, person: Person, after: int) -> list[dict[str, Any]]:
        """Who the reader is and what can be typed, then what they have not seen yet."""
        welcome = {
            "kind": "welcome",
            "name": person.name,
            "admin": person.admin,
            "channels": list(self._channels),
            "verbs": typed_commands.grammar(self._sources(), admin=person.admin),
            "now": instant(self._now()),
            "version": (latest := await self._shelf.latest()),
        }
        missed = await self._shelf.missed(person.id, after, _MOST_MISSED + 1) if after else []
        if after and len(missed) <= _MOST_MISSED and after <= latest:
            notes = {"kind": "notes", "notes": [written(note, person.id) for note in missed]}
            return [{**welcome, "anew": False}, notes]
        return [
            {**welcome, "anew": True},
            *[await self._past(person, channel, None) for channel in self._channels],
        ]

    async def _past(self, person: Person, channel: str, before: int | None) -> dict[str, Any]:
        notes: Sequence[StoredMessage] = await self._shelf.recent(
            channel, person.id, before, _PAGE + 1
        )
        return {
            "kind": "past",
            "channel": channel,
            "more": len(notes) > _PAGE,
            "notes": [written(note, person.id) for note in notes[-_PAGE:]],
        }

    async def patiently(self, person: Person, parts: AsyncIterable[bytes]) -> Upload:
        """A file, as slowly as everything else from whoever is too fast."""
        await asyncio.sleep(self._pace.delay(person.id))
        return await arrived(parts)

    async def _hear(self, seat: Subscriber, person: Person, raw: str) -> None:
        await asyncio.sleep(
            self._pace.delay(person.id)
        )  # whoever is too fast is read more slowly; nothing is lost
        try:
            await self._do(seat, person, raw)
        except UserError as error:
            seat.tell({"kind": "refused", "id": act_id(raw), "text": str(error)})
        except Exception:  # noqa: BLE001 (one frame must not end the connection)
            _log.exception("a frame failed")
            seat.tell({"kind": "trouble", "text": SORRY})

    async def _do(self, seat: Subscriber, person: Person, raw: str) -> None:
        match read(raw, self._channels):
            case Clock(sent=sent):
                seat.tell({"kind": "clock", "sent": sent, "now": instant(self._now())})
            case Earlier(channel=channel, before=before):
                seat.tell(await self._past(person, channel, before))
            case act if await self._shelf.name_of(person.id) is None:
                await self.dismiss(person.id)  # they left, here or through another process
            case act:
                await self._acts.take(person, act)


async def _send(socket: web.WebSocketResponse, seat: Subscriber) -> None:
    """One frame after the other; a browser that takes none for long is dropped."""
    try:
        while True:
            frame = await seat.next()
            await asyncio.wait_for(socket.send_str(frame), _SEND_TIMEOUT_S)
    except (ConnectionError, TimeoutError):
        seat.drop()


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
