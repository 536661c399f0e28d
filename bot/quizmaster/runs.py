"""Runs of code: booked within a quota, leased, kept for some days."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.runs import Run, RunRules, WantedRun
from bot.quizmaster.core import Core
from bot.sandbox.protocol import End
from bot.store import places, runs

HOUR = timedelta(hours=1)
# A run whose lease is not renewed for so long was left behind by a bot that is gone.
LEASE = timedelta(seconds=45)
EDITABLE = timedelta(minutes=5)  # After this an edit of its message no longer runs the code again.
LISTED = 10
ADOPTED = 10


@dataclass(frozen=True, slots=True)
class Runs:
    core: Core
    bot: str
    rules: RunRules

    async def book(self, wanted: WantedRun, player: Player) -> tuple[Run, bool]:
        """The run, and whether it is new: a repeated act finds the run it booked."""
        at_once = self.rules.at_once
        quota = self.rules.an_hour
        async with self.core.transaction() as tx:
            if known := await runs.by_act(tx, wanted.act):
                return known, False
            booked_at = await runs.booked_since(tx, player.id, wanted.at - HOUR)
            if len(booked_at) >= quota:
                raise UserError("run_quota_used", quota=quota, next_at=booked_at[-quota] + HOUR)
            new = await runs.book(
                tx,
                run=secrets.token_hex(12),
                act=wanted.act,
                player_id=player.id,
                at_once=at_once,
                place_id=(await places.get_or_add(tx, wanted.place)).id,
                bot=self.bot,
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
            if at_once == 1:
                raise UserError("run_under_way")
            raise UserError("runs_under_way", count=at_once)
        return booked, new

    async def set_message(self, run: Run, message: MessageRef) -> None:
        async with self.core.transaction() as tx:
            await runs.set_message(tx, run.id, message.id)

    async def mark_ended(self, run: Run, end: End, output: str, at: datetime) -> None:
        async with self.core.transaction() as tx:
            await runs.end(
                tx,
                run.id,
                at,
                output=storable(output),
                outcome=end.outcome.value,
                note=end.note,
                hidden=end.hidden,
                seconds=end.seconds,
            )

    async def get(self, run_id: int) -> Run:
        async with self.core.reading() as tx:
            found = await runs.find(tx, run_id)
        if found is None:
            raise UserError("run_gone")
        return found

    async def get_own(self, run_id: int, player: Player) -> Run:
        found = await self.get(run_id)
        if found.player_id != player.id:
            raise UserError("run_result_of_another")
        return found

    async def latest(self, player: Player) -> list[Run]:
        async with self.core.reading() as tx:
            return await runs.latest(tx, player.id, LISTED)

    async def from_source(self, source: MessageRef) -> list[Run]:
        async with self.core.reading() as tx:
            return await runs.from_source(tx, source)

    async def erase(self, run: Run) -> None:
        async with self.core.transaction() as tx:
            await runs.erase(tx, run.id)

    async def renew_leases(self, names: Sequence[str], now: datetime) -> None:
        async with self.core.transaction() as tx:
            await runs.renew_leases(tx, names, now + LEASE)

    async def release(self, run: Run, now: datetime) -> None:
        # Another bot may adopt the run, because this one stops.
        await self.renew_leases([run.run], now - 2 * LEASE)

    async def take_over_abandoned(self, now: datetime) -> list[Run]:
        async with self.core.transaction() as tx:
            return await runs.take_over_abandoned(tx, self.bot, now, now + LEASE, ADOPTED)

    async def delete_old(self, now: datetime) -> int:
        async with self.core.transaction() as tx:
            return await runs.delete_ended(tx, now - self.rules.keep)


def storable(text: str) -> str:
    """Replaces what no database can keep."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
