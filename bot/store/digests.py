"""Which places want a weekly digest, what stands in one, and which were posted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, case, cast, delete, func, or_, select, tuple_, update

from bot.identity import Place
from bot.model.digests import DigestSubscription, HardestQuestion
from bot.model.people import Player
from bot.store.rounds import wordings
from bot.store.sql import bulk
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.digests import digest_posts, digest_subscriptions
from bot.store.sql.tables.people import members, players
from bot.store.sql.tables.places import places
from bot.store.sql.tables.profile import badges
from bot.store.sql.tables.rounds import rounds, sittings

ENOUGH = 2
"""So many must have answered a question before it can be called hard."""


_WISH = select(
    digest_subscriptions.c.place_id,
    digest_subscriptions.c.next_at,
    *(places.c[name] for name in ("platform", "community", "channel", "zone", "paused_at")),
).join(places, places.c.id == digest_subscriptions.c.place_id)


def _wish(row: Row[*tuple[Any, ...]]) -> DigestSubscription:
    place = Place(row.platform, row.community, row.channel)
    return DigestSubscription(row.place_id, place, row.zone, row.paused_at is not None, row.next_at)


async def subscribe(tx: Transaction, place_id: int, next_at: datetime) -> None:
    row = insert_into(tx, digest_subscriptions).values(place_id=place_id, next_at=next_at)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[digest_subscriptions.c.place_id], set_={"next_at": next_at}
        )
    )


async def unsubscribe(tx: Transaction, place_id: int) -> bool:
    """Whether there was one."""
    return (
        await tx.execute(
            delete(digest_subscriptions).where(digest_subscriptions.c.place_id == place_id)
        )
    ).rowcount == 1


async def find(tx: Transaction, place_id: int) -> DigestSubscription | None:
    row = (await tx.execute(_WISH.where(digest_subscriptions.c.place_id == place_id))).one_or_none()
    return _wish(row) if row else None


# Posting them, by whoever comes first


async def lock_due(
    tx: Transaction, platforms: Collection[str], now: datetime, farthest: datetime, most: int
) -> list[DigestSubscription]:
    """Those whose instant has come, or lies too far ahead to be true.

    Held until the end of the transaction, so no other process has them too.
    """
    soon = or_(digest_subscriptions.c.next_at <= now, digest_subscriptions.c.next_at > farthest)
    wanted = _WISH.where(soon, places.c.platform.in_(platforms)).order_by(
        digest_subscriptions.c.place_id
    )
    rows = await tx.execute(
        wanted.limit(most).with_for_update(of=digest_subscriptions, skip_locked=True)
    )
    return [_wish(row) for row in rows]


async def set_next(tx: Transaction, nexts: Sequence[tuple[int, datetime]]) -> None:
    rows = [(bulk.instant(at), place_id) for place_id, at in sorted(nexts)]
    await bulk.update(tx, digest_subscriptions, ("next_at",), ("place_id",), rows)


async def claim(
    tx: Transaction, wanted: Sequence[tuple[int, str]], at: datetime
) -> set[tuple[int, str]]:
    """Which of these weeks of places nobody has begun."""
    rows = [(place_id, week, bulk.instant(at)) for place_id, week in sorted(wanted)]
    new = await bulk.add(tx, digest_posts, ("place_id", "week", "claimed_at"), rows)
    return {(place_id, week) for place_id, week, _ in new}


async def claim_unposted(
    tx: Transaction, platforms: Collection[str], since: datetime, before: datetime, now: datetime
) -> list[tuple[DigestSubscription, str]]:
    """Digests that somebody began and did not post, taken over."""
    query = (
        _WISH.add_columns(digest_posts.c.week)
        .join(digest_posts, digest_posts.c.place_id == digest_subscriptions.c.place_id)
        .where(
            digest_posts.c.posted_at.is_(None),
            digest_posts.c.claimed_at > since,
            digest_posts.c.claimed_at <= before,
            places.c.platform.in_(platforms),
        )
        .order_by(digest_posts.c.place_id, digest_posts.c.week)
        .with_for_update(of=digest_posts, skip_locked=True)
    )
    found = [(_wish(row), row.week) for row in await tx.execute(query)]
    keys = [(wish.place_id, week) for wish, week in found]
    if keys:
        taken = update(digest_posts).where(
            tuple_(digest_posts.c.place_id, digest_posts.c.week).in_(keys)
        )
        await tx.execute(taken.values(claimed_at=now))
    return found


async def mark_posted(
    tx: Transaction, place_id: int, week: str, at: datetime, message: str | None
) -> None:
    row = update(digest_posts).where(
        digest_posts.c.place_id == place_id, digest_posts.c.week == week
    )
    await tx.execute(row.values(posted_at=at, message=message))


# What stands in one


async def hardest(
    tx: Transaction, place_id: int, since: datetime, until: datetime
) -> HardestQuestion | None:
    """The question that the smallest share of those who answered it in public solved."""
    answered, solved = func.count(), func.sum(cast(sittings.c.solved, Integer))
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
        .having(answered >= ENOUGH, solved < answered)
        .order_by(solved * 1.0 / answered, answered.desc(), rounds.c.question)
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return HardestQuestion(await wordings.get(tx, row[0]), row[1], row[2]) if row else None


async def new_badges(
    tx: Transaction, place: Place, since: datetime, until: datetime, most: int
) -> list[tuple[Player, str]]:
    """Badges that members of the community earned, packs' before milestones'."""
    columns = [players.c[name] for name in Player.__slots__]
    query = (
        select(badges.c.badge, *columns)
        .join(players, players.c.id == badges.c.player_id)
        .join(members, members.c.player_id == players.c.id)
        .where(
            members.c.platform == place.platform,
            members.c.community == place.community,
            members.c.left_at.is_(None),
            badges.c.at >= since,
            badges.c.at < until,
        )
        .order_by(case((badges.c.badge.like("pack:%"), 0), else_=1), badges.c.at, players.c.id)
        .limit(most)
    )
    return [(Player(*player), badge) for badge, *player in await tx.execute(query)]
