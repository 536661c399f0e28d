"""The websockets of the open pages."""

import asyncio
import logging
from collections.abc import AsyncIterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType
from aiohttp.web import Request, WebSocketResponse

from bot.chat.kit import typed_commands
from bot.chat.kit.files import received_upload
from bot.chat.platform_interface import Upload
from bot.chat.web.actions import Actions
from bot.chat.web.chat import Chat
from bot.chat.web.feed import Feed, Subscriber, message_json, messages_frame, milliseconds
from bot.chat.web.frames import (
    MAX_FRAME_BYTES,
    ClockRequest,
    EarlierMessages,
    act_id,
    parse_frame,
)
from bot.chat.web.http.rate_limit import RateLimit
from bot.errors import UserError
from bot.identity import Person

log = logging.getLogger(__name__)

# Close code: the page goes back to the login.
NOT_LOGGED_IN = 4401
# Close code: the page tries again later.
TOO_MANY_WINDOWS = 4429
# Messages of a channel shown at once.
_BACKLOG = 100
# Who missed more gets the last messages of each channel instead.
_MAX_MISSED = 500
_MAX_WINDOWS = 12
# A whole class may share one IP address.
_MAX_WINDOWS_OF_ADDRESS = 200
_HEARTBEAT_S = 20.0
_SEND_TIMEOUT_S = 15.0


@dataclass
class LiveSockets:
    chat: Chat
    feed: Feed
    actions: Actions
    rate_limit: RateLimit = field(default_factory=lambda: RateLimit(burst=20, rate=5))
    open: dict[Subscriber, WebSocketResponse] = field(default_factory=dict)

    async def serve(self, request: Request, person: Person | None, after: int) -> WebSocketResponse:
        """`after`: the version that the page has already; 0 for none."""
        socket = WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=MAX_FRAME_BYTES)
        await socket.prepare(request)
        if person is None:
            await socket.close(code=NOT_LOGGED_IN, message=b"enter first")
            return socket
        ip = self.chat.address.client_ip(request)
        if reason := self._too_many(person.id, ip):
            await socket.send_json({"kind": "trouble", "text": self.chat.say(reason)})
            await socket.close(code=TOO_MANY_WINDOWS, message=b"too many windows")
            return socket
        transport = request.transport
        subscriber = Subscriber(person.id, ip, transport.abort if transport else lambda: None)
        with suppress(ConnectionError):  # a page may go away before it is welcomed
            await self._exchange(socket, subscriber, person, after)
        return socket

    def _too_many(self, person_id: str, ip: str) -> str:
        if sum(page.person_id == person_id for page in self.open) >= _MAX_WINDOWS:
            return "web_too_many_windows"
        if sum(page.ip == ip for page in self.open) >= _MAX_WINDOWS_OF_ADDRESS:
            return "web_too_many_windows_of_address"
        return ""

    async def disconnect(self, person_id: str) -> None:
        sockets = [
            socket for subscriber, socket in self.open.items() if subscriber.person_id == person_id
        ]
        await asyncio.gather(
            *(socket.close(code=NOT_LOGGED_IN, message=b"left") for socket in sockets)
        )

    async def close(self) -> None:
        closing = (
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"closing")
            for socket in list(self.open.values())
        )
        await asyncio.gather(*closing, return_exceptions=True)

    async def _exchange(
        self, socket: WebSocketResponse, subscriber: Subscriber, person: Person, after: int
    ) -> None:
        self.open[subscriber] = socket
        sending: asyncio.Task[None] | None = None
        try:
            await self.feed.subscribe(subscriber)
            for frame in await self._welcome(person, after):
                await socket.send_json(frame)
            sending = asyncio.create_task(_send(socket, subscriber))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(subscriber, person, message.data)
                else:
                    subscriber.send({"kind": "trouble", "text": self.chat.say("web_text_only")})
        finally:
            self.feed.unsubscribe(subscriber)
            del self.open[subscriber]
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _welcome(self, person: Person, after: int) -> list[dict[str, Any]]:
        latest = await self.chat.storage.latest()
        welcome = {
            "kind": "welcome",
            "name": person.name,
            "admin": person.admin,
            "channels": list(self.chat.channels),
            "verbs": typed_commands.grammar(self.chat.sources(), admin=person.admin),
            "now": milliseconds(self.chat.now()),
            "version": latest,
        }
        missed = await self.chat.storage.missed(person.id, after, _MAX_MISSED + 1) if after else []
        if 0 < after <= latest and len(missed) <= _MAX_MISSED:
            return [{**welcome, "anew": False}, messages_frame(missed, person.id)]
        backlog = [await self._backlog(person, channel, None) for channel in self.chat.channels]
        return [{**welcome, "anew": True}, *backlog]

    async def _backlog(self, person: Person, channel: str, before: int | None) -> dict[str, Any]:
        messages = await self.chat.storage.recent(channel, person.id, before, _BACKLOG + 1)
        return {
            "kind": "past",
            "channel": channel,
            "more": len(messages) > _BACKLOG,
            "notes": [message_json(message, person.id) for message in messages[-_BACKLOG:]],
        }

    async def read_upload(self, person: Person, parts: AsyncIterable[bytes]) -> Upload:
        await asyncio.sleep(self.rate_limit.spend(person.id))
        return await received_upload(parts)

    async def _receive(self, subscriber: Subscriber, person: Person, raw: str) -> None:
        # Whoever is too fast is read more slowly; nothing is lost.
        await asyncio.sleep(self.rate_limit.spend(person.id))
        try:
            await self._answer(subscriber, person, raw)
        except UserError as error:
            text = self.chat.say(error.reason, **error.values)
            subscriber.send({"kind": "refused", "id": act_id(raw), "text": text})
        except Exception:  # one frame must not end the connection
            log.exception("a frame failed")
            subscriber.send({"kind": "trouble", "text": self.chat.say("web_failure")})

    async def _answer(self, subscriber: Subscriber, person: Person, raw: str) -> None:
        match parse_frame(raw, self.chat.channels):
            case ClockRequest(sent=sent):
                now = milliseconds(self.chat.now())
                subscriber.send({"kind": "clock", "sent": sent, "now": now})
            case EarlierMessages(channel=channel, before=before):
                subscriber.send(await self._backlog(person, channel, before))
            case _ if await self.chat.storage.name_of(person.id) is None:
                await self.disconnect(person.id)  # they left, perhaps through another process
            case act:
                await self.actions.perform(person, act)


async def _send(socket: WebSocketResponse, subscriber: Subscriber) -> None:
    try:
        while True:
            text = await subscriber.next_text()
            await asyncio.wait_for(socket.send_str(text), _SEND_TIMEOUT_S)
    except (ConnectionError, TimeoutError):
        subscriber.drop()
