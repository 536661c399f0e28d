"""Weekly digests: subscriptions, posts and what is in them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Integer, case, cast, delete, func, or_, select, tuple_, update

from bot.identity import Place
from bot.model.digests import DigestSubscription, HardestQuestion
from bot.model.people import Player
from bot.store.people import PLAYER
from bot.store.rounds.rounds import find_question
from bot.store.sql import bulk
from bot.store.sql.database import Transaction
from bot.store.sql.rows import (
    PLACE,
    AnyRow,
    changes_one_row,
    find_all,
    find_one,
    in_community,
    place_of,
    update_row,
    upsert,
)
from bot.store.sql.tables.daily import digest_posts, digest_subscriptions
from bot.store.sql.tables.people import badges, members, places, players
from bot.store.sql.tables.rounds import rounds, sittings

# So many must have answered a question before it can be called hard
LEAST_ANSWERS = 2

_SUBSCRIPTION = select(
    digest_subscriptions, *PLACE, places.c.zone, places.c.paused_at.is_not(None).label("paused")
).join(places, places.c.id == digest_subscriptions.c.place_id)


def _subscription(row: AnyRow) -> DigestSubscription:
    return DigestSubscription(row.place_id, place_of(row), row.zone, row.paused, row.next_at)


async def subscribe(tx: Transaction, place_id: int, next_at: datetime) -> None:
    await upsert(tx, digest_subscriptions, {"place_id": place_id}, next_at=next_at)


async def unsubscribe(tx: Transaction, place_id: int) -> bool:
    mine = digest_subscriptions.c.place_id == place_id
    return await changes_one_row(tx, delete(digest_subscriptions).where(mine))


async def find(tx: Transaction, place_id: int) -> DigestSubscription | None:
    query = _SUBSCRIPTION.where(digest_subscriptions.c.place_id == place_id)
    return await find_one(tx, query, _subscription)


# Posting them, by whichever process is first


async def lock_due(
    tx: Transaction, platforms: Collection[str], now: datetime, farthest: datetime, most: int
) -> list[DigestSubscription]:
    """Those whose time has come, or lies too far ahead to be true."""
    next_at = digest_subscriptions.c.next_at
    query = _SUBSCRIPTION.where(
        or_(next_at <= now, next_at > farthest), places.c.platform.in_(platforms)
    )
    free = query.with_for_update(of=digest_subscriptions, skip_locked=True)
    in_order = free.order_by(digest_subscriptions.c.place_id).limit(most)
    return await find_all(tx, in_order, _subscription)


async def set_next(tx: Transaction, next_times: Sequence[tuple[int, datetime]]) -> None:
    rows = [(bulk.instant(at), place_id) for place_id, at in sorted(next_times)]
    await bulk.update(tx, digest_subscriptions, ("next_at",), ("place_id",), rows)


async def claim(
    tx: Transaction, wanted: Sequence[tuple[int, str]], at: datetime
) -> set[tuple[int, str]]:
    rows = [(place_id, week, bulk.instant(at)) for place_id, week in sorted(wanted)]
    new = await bulk.add(tx, digest_posts, ("place_id", "week", "claimed_at"), rows)
    return {(place_id, week) for place_id, week, _ in new}


async def claim_unposted(
    tx: Transaction, platforms: Collection[str], since: datetime, before: datetime, now: datetime
) -> list[tuple[DigestSubscription, str]]:
    key = (digest_posts.c.place_id, digest_posts.c.week)
    query = (
        _SUBSCRIPTION.add_columns(digest_posts.c.week)
        .join(digest_posts, digest_posts.c.place_id == digest_subscriptions.c.place_id)
        .where(
            digest_posts.c.posted_at.is_(None),
            digest_posts.c.claimed_at > since,
            digest_posts.c.claimed_at <= before,
            places.c.platform.in_(platforms),
        )
        .order_by(*key)
        .with_for_update(of=digest_posts, skip_locked=True)
    )
    found = [(_subscription(row), row.week) for row in await tx.execute(query)]
    if found:
        keys = [(subscription.place_id, week) for subscription, week in found]
        taken = update(digest_posts).where(tuple_(*key).in_(keys))
        await tx.execute(taken.values(claimed_at=now))
    return found


async def mark_posted(
    tx: Transaction, place_id: int, week: str, at: datetime, message: str | None
) -> None:
    await update_row(
        tx, digest_posts, {"place_id": place_id, "week": week}, posted_at=at, message=message
    )


# What stands in one


async def hardest(
    tx: Transaction, place_id: int, since: datetime, until: datetime
) -> HardestQuestion | None:
    """The question that the smallest share of those who answered it in public solved."""
    answered = func.count()
    solved = func.sum(cast(sittings.c.solved, Integer))
    query = (
        select(func.max(rounds.c.digest), solved, answered)
        .join(sittings, sittings.c.round_id == rounds.c.id)
        .where(
            rounds.c.place_id == place_id,
            rounds.c.mode.in_(("live", "daily")),
            rounds.c.status.in_(("closed", "announced")),
            rounds.c.opened_at >= since,
            rounds.c.opened_at < until,
            sittings.c.tries_used > 0,
        )
        .group_by(rounds.c.question)
        .having(answered >= LEAST_ANSWERS, solved < answered)
        .order_by(solved * 1.0 / answered, answered.desc(), rounds.c.question)
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return HardestQuestion(await find_question(tx, row[0]), row[1], row[2]) if row else None


async def new_badges(
    tx: Transaction, place: Place, since: datetime, until: datetime, most: int
) -> list[tuple[Player, str]]:
    query = (
        select(badges.c.badge, *PLAYER)
        .join(players, players.c.id == badges.c.player_id)
        .join(members, members.c.player_id == players.c.id)
        .where(
            in_community(members, place),
            members.c.left_at.is_(None),
            badges.c.at >= since,
            badges.c.at < until,
        )
        .order_by(case((badges.c.badge.like("pack:%"), 0), else_=1), badges.c.at, players.c.id)
        .limit(most)
    )
    return [(Player(*player), badge) for badge, *player in await tx.execute(query)]
