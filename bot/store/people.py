"""Who plays: one player behind one or more accounts, and the communities they were seen in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, literal_column, or_, select, tuple_, update

from bot.identity import Person, Place
from bot.model.people import SOMEBODY, Arrival, Player
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.people import accounts, members, players

_PLAYER = (
    players.c.id,
    players.c.name,
    players.c.zone,
    players.c.name_hidden,
    players.c.zone_before,
    players.c.zone_since,
)


async def find(tx: Transaction, person: Person) -> Player | None:
    rows = await tx.execute(
        select(*_PLAYER)
        .join(accounts, accounts.c.player_id == players.c.id)
        .where(accounts.c.platform == person.platform, accounts.c.person == person.id)
    )
    row = rows.one_or_none()
    return Player(*row) if row else None


async def get(tx: Transaction, player_id: int) -> Player:
    return Player(*(await tx.execute(select(*_PLAYER).where(players.c.id == player_id))).one())


async def present(tx: Transaction, arrivals: Sequence[Arrival]) -> list[Player | None]:
    """The player behind each, where they were a member of the community by then and go by the same name still."""
    found: dict[tuple[str, str, str], tuple[Player, datetime | None]] = {}
    for platform, community in {(each.place.platform, each.place.community) for each in arrivals}:
        names = {each.person.id for each in arrivals if each.place.community == community}
        rows = await tx.execute(
            select(accounts.c.person, members.c.left_at, *_PLAYER)
            .join(accounts, accounts.c.player_id == players.c.id)
            .join(members, members.c.player_id == players.c.id)
            .where(
                accounts.c.platform == platform,
                accounts.c.person.in_(names),
                members.c.platform == platform,
                members.c.community == community,
            )
        )
        found |= {
            (platform, community, person): (Player(*player), left_at)
            for person, left_at, *player in rows
        }
    there = [
        _by_then(each, found.get((each.place.platform, each.place.community, each.person.id)))
        for each in arrivals
    ]
    same = [
        one and each.person.sure_name in ("", one.name)
        for one, each in zip(there, arrivals, strict=True)
    ]
    return [one if goes_by else None for one, goes_by in zip(there, same, strict=True)]


def _by_then(arrival: Arrival, found: tuple[Player, datetime | None] | None) -> Player | None:
    """Who left after they acted was there; who acts after they left is on their way back."""
    player, left_at = found or (None, None)
    return player if left_at is None or arrival.at <= left_at else None


async def add(tx: Transaction, person: Person, at: datetime) -> Player:
    """A new player, or the one that another process added a moment ago."""
    row = (
        insert(players).values(name=person.name or SOMEBODY, created_at=at).returning(players.c.id)
    )
    player_id = (await tx.execute(row)).scalar_one()
    claim = insert_into(tx, accounts).values(
        platform=person.platform, person=person.id, player_id=player_id
    )
    if not await added(tx, claim):
        await tx.execute(delete(players).where(players.c.id == player_id))
    found = await find(tx, person)
    assert found is not None  # noqa: S101 (the row above, or the one it ran into)
    return found


async def add_all(tx: Transaction, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, Player]]:
    """New players for all who are new; those who are not, which may be another process's doing, come back."""
    people = {(each.person.platform, each.person.id): each for each in arrivals}
    known = await _accounts(tx, people)
    fresh = [each for key, each in people.items() if key not in known]
    if fresh:
        names = [{"name": each.person.name or SOMEBODY, "created_at": each.at} for each in fresh]
        made = await tx.execute(
            insert(players).returning(players.c.id, sort_by_parameter_order=True), names
        )
        ids = dict(
            zip(
                [(each.person.platform, each.person.id) for each in fresh],
                made.scalars(),
                strict=True,
            )
        )
        rows = [
            {"platform": platform, "person": person, "player_id": ids[platform, person]}
            for platform, person in ids
        ]
        await tx.execute(insert_into(tx, accounts).on_conflict_do_nothing(), rows)
        theirs = await _accounts(tx, ids)
        beaten = [ids[key] for key, player in theirs.items() if player.id != ids[key]]
        await tx.execute(delete(players).where(players.c.id.in_(beaten)))
        joined = [(each, theirs[each.person.platform, each.person.id].id) for each in fresh]
        await tx.execute(
            insert_into(tx, members).on_conflict_do_nothing(), [_member(*each) for each in joined]
        )
    return [
        (each, known[key])
        for each in arrivals
        if (key := (each.person.platform, each.person.id)) in known
    ]


async def get_all(tx: Transaction, arrivals: Sequence[Arrival]) -> list[Player]:
    """The player behind each, who was met before, wherever that was."""
    known = await _accounts(tx, {(each.person.platform, each.person.id) for each in arrivals})
    return [known[each.person.platform, each.person.id] for each in arrivals]


async def _accounts(
    tx: Transaction, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Player]:
    query = select(accounts.c.platform, accounts.c.person, *_PLAYER).join(
        players, accounts.c.player_id == players.c.id
    )
    rows = await tx.execute(
        query.where(tuple_(accounts.c.platform, accounts.c.person).in_(list(keys)))
    )
    return {(platform, person): Player(*player) for platform, person, *player in rows}


def _member(arrival: Arrival, player_id: int) -> dict[str, object]:
    return {
        "platform": arrival.place.platform,
        "community": arrival.place.community,
        "player_id": player_id,
    }


async def rename(tx: Transaction, player_id: int, name: str) -> None:
    await tx.execute(update(players).where(players.c.id == player_id).values(name=name))


async def set_name_hidden(tx: Transaction, player_id: int, *, hidden: bool) -> None:
    await tx.execute(update(players).where(players.c.id == player_id).values(name_hidden=hidden))


async def find_by_name(tx: Transaction, place: Place, name: str) -> list[Player]:
    """The members of a community who go by this name, blanks or not, or have this id on its platform."""
    said = name.strip().lstrip("@").replace(" ", "_")
    query = (
        select(*_PLAYER)
        .join(accounts, accounts.c.player_id == players.c.id)
        .join(members, members.c.player_id == players.c.id)
        .where(
            accounts.c.platform == place.platform,
            members.c.platform == place.platform,
            members.c.community == place.community,
            members.c.left_at.is_(None),
            or_(
                accounts.c.person == said,
                func.replace(func.lower(players.c.name), " ", "_") == said.lower(),
            ),
        )
        .order_by(players.c.id)
        .distinct()
    )
    return [Player(*row) for row in await tx.execute(query)]


async def enter_community(tx: Transaction, player_id: int, place: Place, at: datetime) -> bool:
    """Into a community, or back into it; what somebody did before they left brings nobody back."""
    row = insert_into(tx, members).values(
        platform=place.platform, community=place.community, player_id=player_id
    )
    key = (members.c.platform, members.c.community, members.c.player_id)
    back = row.on_conflict_do_update(
        index_elements=key, set_={"left_at": None}, where=members.c.left_at < at
    )
    return (await tx.execute(back.returning(literal_column("1")))).one_or_none() is not None


async def leave_community(tx: Transaction, player_id: int, place: Place, at: datetime) -> None:
    await tx.execute(
        update(members)
        .where(
            members.c.platform == place.platform,
            members.c.community == place.community,
            members.c.player_id == player_id,
            or_(members.c.left_at.is_(None), members.c.left_at < at),
        )
        .values(left_at=at)
    )
