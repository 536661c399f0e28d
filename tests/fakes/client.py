"""A test's side of a simulator: verbs over HTTP, its clock and faults, and a person at a screen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Generic, Protocol, Self, TypeVar

import aiohttp

from tests.fakes.api import Json
from tests.fakes.denied import Denied

DEADLINE_S = 15.0
REQUEST_S = 60.0
"""Seconds for one request, where a stopped clock would let a test wait for ever."""
LONG_POLL_S = 2.0
"""Seconds of one wait for news."""


class SimulatorClient:
    connections = ""
    """The verb that tells how many connections of the bot are live."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self._session = session
        self.judged = False
        """Whether the official schemas were there to judge by."""

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str) -> AsyncIterator[Self]:
        """A fresh world at this address."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REQUEST_S)) as session:
            client = cls(address, session)
            await client.reset()
            yield client

    @classmethod
    @asynccontextmanager
    async def visiting(cls, address: str) -> AsyncIterator[Self]:
        """As `at`; at the end, nothing in the world may have broken the rules."""
        async with cls.at(address) as client:
            yield client
            wrong = await client.violations()
            rules = f"what was sent or answered broke {cls.__name__}'s rules:"
            assert not wrong, "\n".join([rules, *wrong])

    async def reset(self) -> None:
        """Forget everything; the clock is the real one."""
        async with self._session.post(f"{self.address}/reset") as response:
            self.judged = (await response.json())["judged"]
        self._learn(await self.do("world"))

    def _learn(self, world: Json) -> None:
        """What a new world says of itself."""

    async def do(self, verb: str, **arguments: Any) -> Any:
        body = {"verb": verb, **arguments}
        async with self._session.post(f"{self.address}/control", json=body) as response:
            assert response.status == 200, f"{verb} failed: {await response.text()}"
            answer = await response.json()
        if "denied" in answer:
            raise Denied(answer["denied"])
        return answer["done"]

    async def until(
        self, fits: Callable[[Any], bool], verb: str, *, what: str, **arguments: Any
    ) -> Any:
        """What a verb returns, once it fits."""
        known: Any = None
        try:
            async with asyncio.timeout(DEADLINE_S):
                version = 0
                while not fits(known := await self.do(verb, **arguments)):
                    version = known.get("version", version)
                    version = await self.do("changed", version=version, seconds=LONG_POLL_S)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}; last seen: {known}") from None
        return known

    async def violations(self) -> list[str]:
        """Everything that broke a rule since this was last asked."""
        return list(await self.do("violations"))

    async def _download(self, url: str, **headers: str) -> bytes:
        async with self._session.get(url, headers=headers) as response:
            assert response.status == 200
            return await response.read()

    async def online(self, count: int = 1) -> None:
        """Return when so many connections are live."""
        what = f"{count} live connections"
        await self.until(lambda known: known["live"] >= count, self.connections, what=what)

    async def offline(self) -> None:
        await self.until(
            lambda known: known["live"] == 0, self.connections, what="no live connection"
        )

    # The clock

    async def now(self) -> float:
        """Seconds since 1970 by the simulator's clock."""
        return float(await self.do("now"))

    async def advance(self, seconds: float) -> None:
        await self.do("advance", seconds=seconds)

    async def set_clock(self, instant: float) -> None:
        await self.do("set", instant=instant)

    async def stop_clock(self) -> None:
        await self.do("stop")

    async def go_clock(self) -> None:
        await self.do("go")

    # Faults

    async def fault(self, kind: str, path: str, **options: Any) -> None:
        """For the next request whose "METHOD /path" holds this; times, status, seconds, error."""
        await self.do("fault", kind=kind, path=path, **options)

    async def limits(self, *, on: bool) -> None:
        """Rate limits hold unless they are turned off."""
        await self.do("limits", on=on)

    async def hold(self) -> None:
        """Keep all events back until `release`."""
        await self.do("hold")

    async def release(self, *, backwards: bool = False) -> None:
        await self.do("release", backwards=backwards)


class Message(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def private(self) -> bool: ...


C = TypeVar("C", bound=SimulatorClient)
M = TypeVar("M", bound=Message)


class PersonAtScreen(Generic[C, M]):
    """Somebody in one channel at a time."""

    message_type: Callable[[Json], M]

    def __init__(
        self, client: C, id_: str, name: str, channels: Mapping[str, str], channel: str = ""
    ) -> None:
        self.client = client
        self.id = id_
        self.name = name
        self.channel = channel or channels.get("general", "")
        self._channels = channels

    def _at(self, channel: str) -> Self:
        return type(self)(self.client, self.id, self.name, self._channels, channel)

    def in_channel(self, name: str) -> Self:
        """The same person in another channel."""
        return self._at(self._channels[name])

    async def in_dm(self) -> Self:
        """The same person in their direct messages with the bot."""
        return self._at(await self.do("dm"))

    async def do(self, verb: str, **arguments: Any) -> Any:
        return await self.client.do(verb, user=self.id, **arguments)

    # Seeing

    async def sees(self) -> list[M]:
        """Every message before them, the oldest first."""
        return self._messages(await self.do("look", channel=self.channel))

    def _messages(self, known: Json) -> list[M]:
        return [self.message_type(shape) for shape in known["messages"]]

    async def finds(self, words: str, fits: Callable[[M], bool] = lambda _: True) -> M:
        """The newest message with these words that fits, there or coming."""

        def matching(known: Json) -> list[M]:
            return [
                message
                for message in self._messages(known)
                if words in message.text and fits(message)
            ]

        found = await self.client.until(
            lambda known: bool(matching(known)),
            "look",
            what=f"{self.name} to see {words!r}",
            user=self.id,
            channel=self.channel,
        )
        return matching(found)[-1]

    async def _message(self, on: M | str, fits: Callable[[M], bool] = lambda _: True) -> M:
        return await self.finds(on, fits) if isinstance(on, str) else on

    # Doing

    async def writes(self, text: str, **more: Any) -> str:
        """The id of what they wrote."""
        return str(await self.do("write", channel=self.channel, text=text, **more))

    async def rewrites(self, message: str, text: str) -> None:
        """Edits a message of their own, by its id."""
        await self.do("rewrite", message=message, text=text)

    async def erase(self, message: M | str) -> None:
        await self.do("erase", message=message if isinstance(message, str) else message.id)

    async def react(self, emoji: str, on: M | str = "") -> None:
        await self._react(emoji, on, added=True)

    async def unreact(self, emoji: str, on: M | str = "") -> None:
        await self._react(emoji, on, added=False)

    async def _react(self, emoji: str, on: M | str, *, added: bool) -> None:
        message = await self._message(on, lambda message: not message.private)
        await self.do("react", message=message.id, emoji=emoji, added=added)
