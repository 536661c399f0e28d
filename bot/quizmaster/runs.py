"""Runs: one at a time for each member or a few, so many in an hour, kept for so many days."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.runs import Run, RunRules, WantedRun
from bot.quizmaster.core import Core
from bot.sandbox.protocol import End
from bot.store import places
from bot.store.runs import runs

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=45)
"""A run that nobody renews for so long was left behind by a bot that is gone."""
EDITABLE = timedelta(minutes=5)
"""After this an edit of its message no longer runs code anew."""
LISTED = 10
ADOPTED = 10
GONE = "That run is no longer kept. Run the code again."


class Runs:
    def __init__(self, core: Core, bot: str, rules: RunRules) -> None:
        self._database = core.database
        self._bot = bot
        self._rules = rules

    async def book(self, wanted: WantedRun, player: Player) -> tuple[Run, bool]:
        """The member's one run, and whether it is new: the same act again finds the run it booked."""
        async with self._database.act() as tx:
            known = await runs.by_act(tx, wanted.act)
            if known:
                return known, False
            self._refuse_over(await runs.booked_since(tx, player.id, wanted.at - HOUR))
            room = await places.get_or_add(tx, wanted.place)
            new = await runs.book(
                tx,
                run=secrets.token_hex(12),
                act=wanted.act,
                player_id=player.id,
                at_once=self._rules.at_once,
                place_id=room.id,
                bot=self._bot,
                title=wanted.title,
                code=storable(wanted.code),
                device=wanted.device,
                private=wanted.private,
                source=wanted.source.id if wanted.source else None,
                booked_at=wanted.at,
                lease_until=wanted.at + LEASE,
            )
            booked = await runs.by_act(tx, wanted.act)
        if booked is None:
            raise UserError(_still_going(self._rules.at_once))
        return booked, new

    def _refuse_over(self, booked: Sequence[datetime]) -> None:
        quota = self._rules.an_hour
        if len(booked) >= quota:
            free = booked[-quota] + HOUR
            raise UserError(
                f"You had your {quota} run{'s' * (quota > 1)} of this hour. The next one is yours at {free:%H:%M} UTC."
            )

    async def shown_as(self, run: Run, message: MessageRef) -> None:
        async with self._database.act() as tx:
            await runs.set_message(tx, run.id, message.id)

    async def ended(self, run: Run, end: End, output: str, at: datetime) -> None:
        told = {
            "outcome": end.outcome.value,
            "note": end.note,
            "hidden": end.hidden,
            "seconds": end.seconds,
        }
        async with self._database.act() as tx:
            await runs.end(tx, run.id, at, output=storable(output), **told)

    async def find(self, run_id: int) -> Run:
        async with self._database.look() as tx:
            found = await runs.find(tx, run_id)
        if found is None:
            raise UserError(GONE)
        return found

    async def own(self, run_id: int, player: Player) -> Run:
        found = await self.find(run_id)
        if found.player_id != player.id:
            raise UserError("That run is somebody else's. `/runs` lists yours.")
        return found

    async def mine(self, player: Player) -> list[Run]:
        async with self._database.look() as tx:
            return await runs.latest(tx, player.id, LISTED)

    async def from_source(self, source: MessageRef) -> list[Run]:
        """Every run of the code in a message, the newest first."""
        async with self._database.look() as tx:
            return await runs.from_source(tx, source)

    async def empty(self, run: Run) -> None:
        async with self._database.act() as tx:
            await runs.erase(tx, run.id)

    async def renew(self, names: Sequence[str], now: datetime) -> None:
        async with self._database.act() as tx:
            await runs.renew_leases(tx, names, now + LEASE)

    async def give_up(self, run: Run, now: datetime) -> None:
        """Its bot stops: whoever looks next may take the run over."""
        async with self._database.act() as tx:
            await runs.renew_leases(tx, [run.run], now - LEASE)

    async def adopt(self, now: datetime) -> list[Run]:
        """Runs that a bot left behind, from now on this one's."""
        async with self._database.act() as tx:
            return await runs.adopt(tx, self._bot, now, now + LEASE, ADOPTED)

    async def forget(self, now: datetime) -> int:
        async with self._database.act() as tx:
            return await runs.delete_ended(tx, now - self._rules.keep)


def _still_going(at_once: int) -> str:
    if at_once == 1:
        return "Your last run is still going. Wait for its end, or press Stop on it."
    return f"{at_once} runs of yours are still going. Wait for the end of one, or press Stop on it."


def storable(text: str) -> str:
    """What no database can keep, as a sign that something was there."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
