"""Players, their accounts and communities."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, literal_column, or_, select, tuple_, update

from bot.identity import Person, Place
from bot.model.people import SOMEBODY, Arrival, Player
from bot.store.sql.database import Transaction
from bot.store.sql.rows import columns_of, in_community, insert_into, update_row
from bot.store.sql.tables.people import accounts, members, players

# A platform, and a person's id there
Account = tuple[str, str]
PLAYER = columns_of(players, Player)


async def find(tx: Transaction, person: Person) -> Player | None:
    return (await _by_account(tx, [_account(person)])).get(_account(person))


async def get(tx: Transaction, player_id: int) -> Player:
    return Player(*(await tx.execute(select(*PLAYER).where(players.c.id == player_id))).one())


async def get_all(tx: Transaction, arrivals: Sequence[Arrival]) -> list[Player]:
    known = await _by_account(tx, {_account(arrival.person) for arrival in arrivals})
    return [known[_account(arrival.person)] for arrival in arrivals]


async def present_members(tx: Transaction, arrivals: Sequence[Arrival]) -> list[Player | None]:
    found: dict[tuple[str, str, str], tuple[Player, datetime | None]] = {}
    for platform, community in {(each.place.platform, each.place.community) for each in arrivals}:
        ids = {each.person.id for each in arrivals if each.place.community == community}
        rows = await tx.execute(
            select(accounts.c.person, members.c.left_at, *PLAYER)
            .join(accounts, accounts.c.player_id == players.c.id)
            .join(members, members.c.player_id == players.c.id)
            .where(
                accounts.c.platform == platform,
                accounts.c.person.in_(ids),
                in_community(members, Place(platform, community, "")),
            )
        )
        for person, left_at, *player in rows:
            found[platform, community, person] = Player(*player), left_at
    return [
        _if_present(each, found.get((each.place.platform, each.place.community, each.person.id)))
        for each in arrivals
    ]


def _if_present(arrival: Arrival, found: tuple[Player, datetime | None] | None) -> Player | None:
    """Who left after they acted was there; who acts after they left is coming back."""
    player, left_at = found or (None, None)
    if player is None or (left_at is not None and arrival.at > left_at):
        return None
    return player if arrival.person.sure_name in ("", player.name) else None


async def add_all(tx: Transaction, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, Player]]:
    """Returns those who are known already."""
    newest = {_account(arrival.person): arrival for arrival in arrivals}
    known = await _by_account(tx, newest)
    await _add(tx, [arrival for account, arrival in newest.items() if account not in known])
    return [
        (arrival, known[account])
        for arrival in arrivals
        if (account := _account(arrival.person)) in known
    ]


async def _add(tx: Transaction, arrivals: Sequence[Arrival]) -> None:
    if not arrivals:
        return
    names = [{"name": each.person.name or SOMEBODY, "created_at": each.at} for each in arrivals]
    new = insert(players).returning(players.c.id, sort_by_parameter_order=True)
    ids = (await tx.execute(new, names)).scalars()
    made = {_account(each.person): player_id for each, player_id in zip(arrivals, ids, strict=True)}
    rows = [
        {"platform": platform, "person": person, "player_id": player_id}
        for (platform, person), player_id in made.items()
    ]
    # Another process may have added some of them a moment ago.
    await tx.execute(insert_into(tx, accounts).on_conflict_do_nothing(), rows)
    actual = await _by_account(tx, made)
    unused = [made[account] for account, player in actual.items() if player.id != made[account]]
    await tx.execute(delete(players).where(players.c.id.in_(unused)))
    joined = [_membership(actual[_account(each.person)].id, each.place) for each in arrivals]
    await tx.execute(insert_into(tx, members).on_conflict_do_nothing(), joined)


def _account(person: Person) -> Account:
    return person.platform, person.id


async def _by_account(tx: Transaction, which: Iterable[Account]) -> dict[Account, Player]:
    query = (
        select(accounts.c.platform, accounts.c.person, *PLAYER)
        .join(players, accounts.c.player_id == players.c.id)
        .where(tuple_(accounts.c.platform, accounts.c.person).in_(list(which)))
    )
    rows = await tx.execute(query)
    return {(platform, person): Player(*player) for platform, person, *player in rows}


def _membership(player_id: int, place: Place) -> dict[str, object]:
    return {"platform": place.platform, "community": place.community, "player_id": player_id}


async def rename(tx: Transaction, player_id: int, name: str) -> None:
    await update_row(tx, players, {"id": player_id}, name=name)


async def set_name_hidden(tx: Transaction, player_id: int, *, hidden: bool) -> None:
    await update_row(tx, players, {"id": player_id}, name_hidden=hidden)


async def find_by_name(tx: Transaction, place: Place, name: str) -> list[Player]:
    wanted = name.strip().lstrip("@").replace(" ", "_")
    query = (
        select(*PLAYER)
        .join(accounts, accounts.c.player_id == players.c.id)
        .join(members, members.c.player_id == players.c.id)
        .where(
            accounts.c.platform == place.platform,
            in_community(members, place),
            members.c.left_at.is_(None),
            or_(
                accounts.c.person == wanted,
                func.replace(func.lower(players.c.name), " ", "_") == wanted.lower(),
            ),
        )
        .order_by(players.c.id)
        .distinct()
    )
    return [Player(*row) for row in await tx.execute(query)]


async def enter_community(tx: Transaction, player_id: int, place: Place, at: datetime) -> bool:
    """Whether they are new or come back; an act from before they left does neither."""
    row = insert_into(tx, members).values(_membership(player_id, place))
    back = row.on_conflict_do_update(
        index_elements=["platform", "community", "player_id"],
        set_={"left_at": None},
        where=members.c.left_at < at,
    )
    return await tx.scalar(back.returning(literal_column("1"))) is not None


async def leave_community(tx: Transaction, player_id: int, place: Place, at: datetime) -> None:
    stays = or_(members.c.left_at.is_(None), members.c.left_at < at)
    leaving = (
        update(members).filter_by(player_id=player_id).where(in_community(members, place), stays)
    )
    await tx.execute(leaving.values(left_at=at))
