"""Runs: booked by members, leased by bots, kept for a while with their results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.identity import MessageRef, Place
from bot.model.runs import Run
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.places import places
from bot.store.sql.tables.runs import runs

SEATS = 8
"""At most so many runs of one member are under way at once; each sits in a seat of its own (`active_of`)."""


_RUN = select(runs, places.c.platform, places.c.community, places.c.channel).join(
    places, places.c.id == runs.c.place_id
)


def _run(row: Row[*tuple[Any, ...]]) -> Run:
    place = Place(row.platform, row.community, row.channel)
    kept = ("id", "run", "player_id", "title", "code", "device", "private", "booked_at")
    told = ("outcome", "note", "output", "hidden", "seconds")
    return Run(
        **{name: getattr(row, name) for name in (*kept, *told)},
        place=place,
        message=MessageRef(place, row.message) if row.message else None,
    )


async def find(tx: Transaction, run_id: int) -> Run | None:
    row = (await tx.execute(_RUN.where(runs.c.id == run_id))).one_or_none()
    return _run(row) if row else None


async def by_act(tx: Transaction, act: str) -> Run | None:
    row = (await tx.execute(_RUN.where(runs.c.act == act))).one_or_none()
    return _run(row) if row else None


async def from_source(tx: Transaction, source: MessageRef) -> list[Run]:
    """Every run of the code that stands in a message, the newest first."""
    place = source.place
    query = _RUN.where(
        runs.c.source == source.id,
        places.c.platform == place.platform,
        places.c.community == place.community,
        places.c.channel == place.channel,
    )
    return [_run(row) for row in await tx.execute(query.order_by(runs.c.id.desc()))]


async def book(tx: Transaction, player_id: int, at_once: int, **columns: Any) -> bool:
    """A new run; False where the member's seats are all taken, or where this act booked it before."""
    for seat in range(at_once):
        row = insert_into(tx, runs).values(
            player_id=player_id, active_of=player_id * SEATS + seat, **columns
        )
        if await added(tx, row):
            return True
    return False


async def booked_since(tx: Transaction, player_id: int, since: datetime) -> list[datetime]:
    query = select(runs.c.booked_at).where(runs.c.player_id == player_id, runs.c.booked_at > since)
    return list((await tx.execute(query.order_by(runs.c.booked_at))).scalars())


async def latest(tx: Transaction, player_id: int, limit: int) -> list[Run]:
    query = _RUN.where(runs.c.player_id == player_id).order_by(runs.c.id.desc()).limit(limit)
    return [_run(row) for row in await tx.execute(query)]


async def set_message(tx: Transaction, run_id: int, message: str) -> None:
    await tx.execute(update(runs).where(runs.c.id == run_id).values(message=message))


async def renew_leases(tx: Transaction, names: Sequence[str], until: datetime) -> None:
    await tx.execute(
        update(runs).where(runs.c.run.in_(names), runs.c.state != "ended").values(lease_until=until)
    )


async def end(tx: Transaction, run_id: int, at: datetime, **told: Any) -> bool:
    """Whether this ended it: what ended before keeps its end."""
    change = update(runs).where(runs.c.id == run_id, runs.c.state != "ended")
    values = {"state": "ended", "active_of": None, "ended_at": at, **told}
    return (await tx.execute(change.values(**values))).rowcount == 1


async def erase(tx: Transaction, run_id: int) -> None:
    """Its author took the code away: what it said goes with it."""
    await tx.execute(update(runs).where(runs.c.id == run_id).values(code="", output="", note=""))


async def adopt(tx: Transaction, bot: str, now: datetime, until: datetime, limit: int) -> list[Run]:
    """Runs whose bot is gone become this one's; of two bots that look at once, each gets others."""
    lapsed = (
        select(runs.c.id)
        .where(runs.c.state != "ended", runs.c.lease_until < now)
        .order_by(runs.c.id)
        .limit(limit)
    )
    ids = list((await tx.execute(lapsed.with_for_update(skip_locked=True))).scalars())
    await tx.execute(
        update(runs).where(runs.c.id.in_(ids)).values(bot=bot, state="booked", lease_until=until)
    )
    return [
        _run(row) for row in await tx.execute(_RUN.where(runs.c.id.in_(ids)).order_by(runs.c.id))
    ]


async def delete_ended(tx: Transaction, before: datetime) -> int:
    """Drop what ended before."""
    old = delete(runs).where(runs.c.state == "ended", runs.c.ended_at < before)
    return int((await tx.execute(old)).rowcount)
