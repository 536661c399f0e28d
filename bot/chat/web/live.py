"""The live connection of one open page."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.chat import typed
from bot.chat.web.acts import SORRY, Acts
from bot.chat.web.feed import Feed, Seat, instant, written
from bot.chat.web.frames import LARGEST_FRAME, Clock, Earlier, act_id, read
from bot.chat.web.pace import Pace
from bot.chat.web.shelf import Note, Shelf
from bot.errors import UserError
from bot.identity import Person

_log = logging.getLogger(__name__)

STRANGER = 4401
"""Tells the page that nobody is known by its cookie: it goes back to the entrance."""
TOO_FAST = "That was a lot at once. Wait a few seconds, then go on."
_PAGE = 100
"""Messages of a channel shown at once."""
_MOST_MISSED = 500
"""Who missed more than this begins anew with the last messages of each channel."""
_HEARTBEAT_S = 20.0
_SEND_TIMEOUT_S = 15.0

Sources = Callable[[], Mapping[str, Sequence[str]]]


class Live:
    def __init__(
        self,
        shelf: Shelf,
        feed: Feed,
        acts: Acts,
        channels: Sequence[str],
        sources: Sources,
        now: Callable[[], datetime],
    ) -> None:
        self._shelf, self._feed, self._acts = shelf, feed, acts
        self._channels, self._sources, self._now = channels, sources, now
        self._pace = Pace(burst=20, rate=5)
        self._open: dict[Seat, web.WebSocketResponse] = {}

    async def serve(self, request: web.Request, person: Person | None, after: int) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=LARGEST_FRAME)
        await socket.prepare(request)
        if person is None:
            await socket.close(code=STRANGER, message=b"enter first")
            return socket
        seat = Seat(person.id, lambda: _abort(request))
        self._open[seat] = socket
        self._feed.sit(seat)
        try:
            await self._talk_with(socket, seat, person, after)
        finally:
            self._feed.rise(seat)
            self._open.pop(seat, None)
        return socket

    async def dismiss(self, person: str) -> None:
        """Closes every page of somebody who left."""
        sockets = [socket for seat, socket in self._open.items() if seat.person == person]
        await asyncio.gather(*(socket.close(code=STRANGER, message=b"left") for socket in sockets))

    async def close(self) -> None:
        sockets = list(self._open.values())
        closing = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"closing") for socket in sockets)
        await asyncio.gather(*closing, return_exceptions=True)

    async def _talk_with(self, socket: web.WebSocketResponse, seat: Seat, person: Person, after: int) -> None:
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
            "verbs": typed.grammar(self._sources(), admin=person.admin),
            "now": instant(self._now()),
        }
        missed = await self._shelf.missed(person.id, after, _MOST_MISSED + 1) if after else []
        if after and len(missed) <= _MOST_MISSED and after <= await self._shelf.latest():
            notes = {"kind": "notes", "notes": [written(note, person.id) for note in missed]}
            return [{**welcome, "anew": False}, notes]
        return [{**welcome, "anew": True}, *[await self._past(person, channel, None) for channel in self._channels]]

    async def _past(self, person: Person, channel: str, before: int | None) -> dict[str, Any]:
        notes: Sequence[Note] = await self._shelf.recent(channel, person.id, before, _PAGE + 1)
        return {
            "kind": "past",
            "channel": channel,
            "more": len(notes) > _PAGE,
            "notes": [written(note, person.id) for note in notes[-_PAGE:]],
        }

    async def _hear(self, seat: Seat, person: Person, raw: str) -> None:
        if not self._pace.spend(person.id):
            seat.tell({"kind": "refused", "id": act_id(raw), "text": TOO_FAST})
            return
        try:
            await self._do(seat, person, raw)
        except UserError as error:
            seat.tell({"kind": "refused", "id": act_id(raw), "text": str(error)})
        except Exception:  # noqa: BLE001 (one frame must not end the connection)
            _log.exception("a frame failed")
            seat.tell({"kind": "trouble", "text": SORRY})

    async def _do(self, seat: Seat, person: Person, raw: str) -> None:
        match read(raw, self._channels):
            case Clock(sent=sent):
                seat.tell({"kind": "clock", "sent": sent, "now": instant(self._now())})
            case Earlier(channel=channel, before=before):
                seat.tell(await self._past(person, channel, before))
            case act:
                await self._acts.take(person, act)


async def _send(socket: web.WebSocketResponse, seat: Seat) -> None:
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
