"""What is sent to the bot, over whichever way it is configured.

It is acknowledged in three seconds, or tried again.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

from tests.fakes.slack import acts, payloads
from tests.fakes.slack.judge import TypesJudge
from tests.fakes.slack.world import Act, Json, Team, World

AGAIN_S = (0.0, 60.0, 300.0)
"""Seconds of the simulator's clock before each of the three repeats of an event."""
SUBSCRIBED = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
FORMS = {acts.SLASH: "slash_commands"}


class Gone(Exception):
    """It cannot be acknowledged any more; `why` is the service's word for it."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.why, self.again = why, again


class Way(Protocol):
    """Socket Mode or HTTP."""

    async def carry(self, kind: str, payload: Json, attempt: int, why: str) -> Any:
        """What was said with the acknowledgement; Gone where none can come."""


class Delivery:
    def __init__(
        self, world: World, socket: Way, http: Way, judge: TypesJudge | None, violations: list[str]
    ) -> None:
        self.world, self._socket, self._http = world, socket, http
        self._judge, self._violations = judge, violations
        self._tasks: set[asyncio.Task[None]] = set()
        self.held: list[tuple[str, Json]] | None = None
        """Events kept back, when they are."""
        self.twice = 0
        """So many of the next deliveries come two times."""
        self.events: list[Json] = []
        """Every event and how often it was sent."""
        self.unheard = 0
        """Acts that were not acknowledged in time."""

    @property
    def _way(self) -> Way:
        return self._http if self.world.app.request_url else self._socket

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self.world.touch()

    @property
    def under_way(self) -> int:
        """Deliveries whose end is not known yet."""
        return len(self._tasks)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    # Acts

    def act(self, act: Act, payload: Json) -> Act:
        """Tell the bot of it; `act.settled` is set when it is answered or has failed."""
        self._judged(act.kind, payload)
        kind = FORMS.get(act.kind, "interactive")
        self._begin(self._await(act, kind, payload))
        if self._is_doubled():
            self._begin(self._careless(kind, payload))
        return act

    async def _await(self, act: Act, kind: str, payload: Json) -> None:
        carried = asyncio.ensure_future(self._way.carry(kind, payload, 0, ""))
        try:
            if (
                await self.world.clock.reach(act.at + acts.ACK_S, _done(carried))
                and not carried.exception()
            ):
                wrong = acts.acknowledge(self.world, act, carried.result())
                self._violations += wrong
            else:
                self.unheard += 1
        finally:
            carried.cancel()
            act.settled.set()
            self.world.touch()

    async def _careless(self, kind: str, payload: Json) -> None:
        """The second of two deliveries; nobody waits for its answer."""
        carried = asyncio.ensure_future(self._way.carry(kind, payload, 0, ""))
        await self.world.clock.reach(self.world.clock.now() + acts.ACK_S, _done(carried))
        if not carried.cancel():
            carried.exception()

    def _is_doubled(self) -> bool:
        doubled, self.twice = self.twice > 0, max(0, self.twice - 1)
        return doubled

    # Events

    def tell(self, team: Team, sent: Json) -> None:
        if not team.installed or not self._hears(team, sent):
            return
        payload = payloads.event(self.world, team, sent, self.world.id("Ev"))
        self.send(payload)

    def send(self, payload: Json, *, judged: bool = True) -> None:
        """An event, whatever it is."""
        if judged:
            self._judged("event", payload)
        if self.held is not None:
            self.held.append(("events_api", payload))
            return
        for _ in range(2 if self._is_doubled() else 1):
            self._begin(self._insist(payload))

    def _hears(self, team: Team, sent: Json) -> bool:
        kind = sent["type"]
        events = self.world.app.events
        if kind == "message":
            where = self.world.channels[sent["channel"]]
            return SUBSCRIBED[where.kind] in events and team.bot in where.members
        if kind in {"reaction_added", "reaction_removed"}:
            return (
                kind in events and team.bot in self.world.channels[sent["item"]["channel"]].members
            )
        return kind in events

    async def _insist(self, payload: Json) -> None:
        note = {
            "event_id": payload["event_id"],
            "type": payload["event"]["type"],
            "sent": 0,
            "heard": False,
        }
        self.events.append(note)
        why = ""
        for attempt, wait in enumerate((*AGAIN_S, None)):
            note["sent"] += 1
            carried = asyncio.ensure_future(self._way.carry("events_api", payload, attempt, why))
            heard = await self.world.clock.reach(
                self.world.clock.now() + acts.ACK_S, _done(carried)
            )
            error = carried.exception() if heard else None
            if heard and error is None:
                note["heard"] = True
                self.world.touch()
                return
            carried.cancel()
            why = error.why if isinstance(error, Gone) else "timeout"
            if wait is None or (isinstance(error, Gone) and not error.again):
                return
            await self.world.clock.reach(self.world.clock.now() + wait, asyncio.Event().wait())

    def release(self, *, backwards: bool) -> None:
        held, self.held = self.held or [], None
        for _, payload in reversed(held) if backwards else held:
            self._begin(self._insist(payload))

    def _judged(self, kind: str, payload: Json) -> None:
        if self._judge:
            sent = self._judge.inbound(kind, payload)
            self._violations += [f"the simulator sent {kind} with {one}" for one in sent]


async def _done(carried: "asyncio.Future[Any]") -> None:
    await asyncio.wait([carried])
