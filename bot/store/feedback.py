"""Votes on questions, and reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, update

from bot.identity import Place
from bot.model.feedback import Report, Votes
from bot.store.sql.database import Transaction
from bot.store.sql.rows import changes_one_row, in_community, insert_new, upsert
from bot.store.sql.tables.people import places, players
from bot.store.sql.tables.rounds import reports, votes


async def vote(tx: Transaction, question: str, player_id: int, value: int, at: datetime) -> None:
    await upsert(tx, votes, {"question": question, "player_id": player_id}, value=value, at=at)


async def votes_for(tx: Transaction, question: str) -> Votes:
    up = func.count().filter(votes.c.value == 1)
    down = func.count().filter(votes.c.value == -1)
    return Votes(*(await tx.execute(select(up, down).where(votes.c.question == question))).one())


async def report(tx: Transaction, **columns: Any) -> bool:
    """False where this member reported this wording there before."""
    return await insert_new(tx, reports, **columns)


def _from_community(community: Place | None) -> ColumnElement[bool]:
    if community is None:
        return true()
    return reports.c.place_id.in_(select(places.c.id).where(in_community(places, community)))


async def open_reports(tx: Transaction, community: Place | None, limit: int = 10) -> list[Report]:
    query = (
        select(reports.c.id, reports.c.question, reports.c.reason, players.c.name, reports.c.at)
        .join(players, players.c.id == reports.c.player_id)
        .where(reports.c.settled_at.is_(None), _from_community(community))
        .order_by(reports.c.id)
        .limit(limit)
    )
    return [Report(*row) for row in await tx.execute(query)]


async def close_report(
    tx: Transaction, report_id: int, community: Place | None, at: datetime
) -> bool:
    unsettled = (
        update(reports).filter_by(id=report_id, settled_at=None).where(_from_community(community))
    )
    return await changes_one_row(tx, unsettled.values(settled_at=at))
