"""Runs: booked by members, leased by bots, kept for a while."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update

from bot.identity import MessageRef
from bot.model.runs import Run, WaitingRun
from bot.sandbox.bot.queue import MAX_WAITING, Ticket, check_capacity, in_turn
from bot.sandbox.protocol import RunRequest
from bot.store.sql.database import Database, Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    changes_one_row,
    find_all,
    insert_new,
    matches_place,
    place_of,
    update_row,
    with_place,
)
from bot.store.sql.tables.people import places
from bot.store.sql.tables.runs import runs

# Each active run of a member has a number below this, which makes `active_of` unique
MOST_AT_ONCE = 8


def _run(row: AnyRow) -> Run:
    message = MessageRef(place_of(row), row.message) if row.message else None
    return with_place(Run, row, message=message)


async def _newest(
    tx: Transaction, *where: ColumnElement[bool], limit: int | None = None
) -> list[Run]:
    query = select(runs, *PLACE).join(places, places.c.id == runs.c.place_id).where(*where)
    return await find_all(tx, query.order_by(runs.c.id.desc()).limit(limit), _run)


async def find(tx: Transaction, run_id: int) -> Run | None:
    return next(iter(await _newest(tx, runs.c.id == run_id)), None)


async def by_act(tx: Transaction, act: str) -> Run | None:
    return next(iter(await _newest(tx, runs.c.act == act)), None)


async def from_source(tx: Transaction, source: MessageRef) -> list[Run]:
    return await _newest(tx, runs.c.source == source.id, matches_place(source.place))


async def book(tx: Transaction, player_id: int, at_once: int, **columns: Any) -> bool:
    """False where the member has enough of them, or this act booked it before."""
    for number in range(at_once):
        active_of = player_id * MOST_AT_ONCE + number
        if await insert_new(tx, runs, player_id=player_id, active_of=active_of, **columns):
            return True
    return False


async def booked_since(tx: Transaction, player_id: int, since: datetime) -> list[datetime]:
    query = select(runs.c.booked_at).filter_by(player_id=player_id).where(runs.c.booked_at > since)
    return list(await tx.scalars(query.order_by(runs.c.booked_at)))


async def latest(tx: Transaction, player_id: int, limit: int) -> list[Run]:
    return await _newest(tx, runs.c.player_id == player_id, limit=limit)


async def set_message(tx: Transaction, run_id: int, message: str) -> None:
    await update_row(tx, runs, {"id": run_id}, message=message)


async def renew_leases(tx: Transaction, names: Sequence[str], until: datetime) -> None:
    active = update(runs).where(runs.c.run.in_(names), runs.c.state != "ended")
    await tx.execute(active.values(lease_until=until))


async def end(tx: Transaction, run_id: int, at: datetime, **result: Any) -> bool:
    active = update(runs).filter_by(id=run_id).where(runs.c.state != "ended")
    return await changes_one_row(
        tx, active.values(state="ended", active_of=None, ended_at=at, **result)
    )


async def erase(tx: Transaction, run_id: int) -> None:
    await update_row(tx, runs, {"id": run_id}, code="", output="", note="")


async def take_over_abandoned(
    tx: Transaction, bot: str, now: datetime, until: datetime, limit: int
) -> list[Run]:
    """Of bots that are gone; of two bots that look at once, each gets others."""
    lapsed = select(runs.c.id).where(runs.c.state != "ended", runs.c.lease_until < now)
    free = lapsed.order_by(runs.c.id).limit(limit).with_for_update(skip_locked=True)
    adopted = runs.c.id.in_(list(await tx.scalars(free)))
    await tx.execute(update(runs).where(adopted).values(bot=bot, state="booked", lease_until=until))
    return (await _newest(tx, adopted))[::-1]


async def delete_ended(tx: Transaction, before: datetime) -> int:
    old = delete(runs).filter_by(state="ended").where(runs.c.ended_at < before)
    return (await tx.execute(old)).rowcount


# Runs that wait for a turn, whichever bot booked them

RECENT = timedelta(hours=1)
_WAITING = select(runs.c.run, runs.c.player_id, places.c.platform + ":" + places.c.community).join(
    places, places.c.id == runs.c.place_id
)


async def mark_waiting(tx: Transaction, name: str, bot: str) -> None:
    await update_row(tx, runs, {"run": name}, state="waiting", bot=bot)


async def all_waiting(tx: Transaction, now: datetime) -> list[WaitingRun]:
    return await _found(tx, _WAITING.where(runs.c.state == "waiting", runs.c.lease_until >= now))


async def recently_started(tx: Transaction, now: datetime) -> list[WaitingRun]:
    recent = _WAITING.where(runs.c.started_at > now - RECENT)
    return await _found(tx, recent.order_by(runs.c.started_at))


async def _found(tx: Transaction, query: Select[*tuple[Any, ...]]) -> list[WaitingRun]:
    rows = await tx.execute(query.order_by(runs.c.id))
    return [WaitingRun(run, str(player_id), community) for run, player_id, community in rows]


async def take_turn(tx: Transaction, name: str, at: datetime) -> bool:
    free = select(runs.c.id).filter_by(run=name, state="waiting")
    run_id = await tx.scalar(free.with_for_update(skip_locked=True))
    if run_id is None:
        return False
    await update_row(tx, runs, {"id": run_id}, state="taken", started_at=at)
    return True


async def stop_waiting(tx: Transaction, name: str) -> None:
    await update_row(tx, runs, {"run": name, "state": "waiting"}, state="taken")


class SharedQueue:
    """A bot takes only its own runs, since it alone can answer; their places count for all."""

    def __init__(
        self, database: Database, bot: str, now: Callable[[], datetime], most: int = MAX_WAITING
    ) -> None:
        self._database = database
        self._bot = bot
        self._now = now
        self._most = most
        self._own: dict[str, Ticket] = {}
        self._put_back: dict[str, Ticket] = {}

    async def join(self, ticket: Ticket) -> None:
        async with self._database.transaction() as tx:
            everyone = await all_waiting(tx, self._now())
            of_community = sum(run.community == ticket.community for run in everyone)
            check_capacity(len(everyone), of_community, self._most)
            await mark_waiting(tx, ticket.run, self._bot)
        self._own[ticket.run] = ticket

    async def take(self, fits: Callable[[Ticket], bool]) -> Ticket | None:
        for ticket in self._put_back.values():
            if fits(ticket):
                return self._put_back.pop(ticket.run)
        if not any(map(fits, self._own.values())):
            return None
        async with self._database.transaction() as tx:
            for next_ticket in await self._order(tx):
                own = self._own.get(next_ticket.run)
                if own is not None and fits(own) and await take_turn(tx, own.run, self._now()):
                    return self._own.pop(own.run)
        return None

    async def put_back(self, ticket: Ticket) -> None:
        self._put_back[ticket.run] = ticket

    async def leave(self, run: str) -> None:
        self._put_back.pop(run, None)
        if self._own.pop(run, None):
            async with self._database.transaction() as tx:
                await stop_waiting(tx, run)

    async def position(self, run: str) -> int:
        if run in self._put_back:
            return list(self._put_back).index(run) + 1
        async with self._database.reading() as tx:
            order = [ticket.run for ticket in await self._order(tx)]
        return order.index(run) + 1 if run in order else 0

    async def _order(self, tx: Transaction) -> list[Ticket]:
        now = self._now()
        turns: dict[tuple[str, str], int] = {}
        for turn, run in enumerate(await recently_started(tx, now), 1):
            turns.update(dict.fromkeys(_ticket(run).turns, turn))
        return list(in_turn(map(_ticket, await all_waiting(tx, now)), turns))


def _ticket(run: WaitingRun) -> Ticket:
    return Ticket(run.run, run.person, run.community, RunRequest(""))
