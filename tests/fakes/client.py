"""How a test steers a simulator: verbs over HTTP, its clock, and waiting until something is true."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from tests.fakes.denied import Denied

DEADLINE_S = 15.0
PATIENCE_S = 60.0
"""Seconds for anything at all, where a stopped clock would let a test wait for ever."""
LONG_WAIT_S = 2.0
"""Seconds of one long wait for news."""


class SimulatorClient:
    """A test's side of a simulator."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address, self._session = address, session
        self.judged = False
        """Whether the official document was there to judge by."""

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str) -> AsyncIterator[Self]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S)) as session:
            one = cls(address, session)
            await one.reset()
            yield one

    async def reset(self) -> None:
        """Forget everything; the clock is the real one."""
        async with self._session.post(f"{self.address}/reset") as response:
            self.judged = (await response.json())["judged"]
        self._meet(await self.do("world"))

    def _meet(self, world: dict[str, Any]) -> None:
        """What a new world tells of itself."""

    async def do(self, verb: str, **arguments: Any) -> Any:
        async with self._session.post(
            f"{self.address}/control", json={"verb": verb, **arguments}
        ) as response:
            assert response.status == 200, f"{verb} failed: {await response.text()}"
            told = await response.json()
        if "denied" in told:
            raise Denied(told["denied"])
        return told["done"]

    async def until(
        self, fits: Callable[[Any], bool], verb: str, *, what: str, **arguments: Any
    ) -> Any:
        """What a verb tells, once it fits."""
        known: Any = None
        try:
            async with asyncio.timeout(DEADLINE_S):
                version = 0
                while not fits(known := await self.do(verb, **arguments)):
                    version = await self.do(
                        "changed", version=known.get("version", version), seconds=LONG_WAIT_S
                    )
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}; last seen: {known}") from None
        return known

    async def violations(self) -> list[str]:
        """Everything that broke a rule since this was last asked."""
        return list(await self.do("violations"))

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

    async def fault(self, kind: str, path: str, **how: Any) -> None:
        """One of the simulator's faults for the next request whose "METHOD /path" holds this; times, status, seconds, error."""
        await self.do("fault", kind=kind, path=path, **how)

    async def limits(self, *, on: bool) -> None:
        """Rate limits hold unless they are turned off."""
        await self.do("limits", on=on)
