"""All that names a player is known to linking: what goes over comes back as it was."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from bot.identity import Person
from bot.quiz.judging.points import REST
from bot.store import links, people
from bot.store.boards import projector
from bot.store.linking import joining, owned_rows
from bot.store.linking.owned_rows import OF_SITTINGS, OWNED, STAYING
from bot.store.rounds import ledger
from bot.store.sql.all_tables import metadata
from bot.store.sql.database import Database, Transaction
from bot.store.sql.tables.daily import reminder_messages, reminders, schedules
from bot.store.sql.tables.people import badges, members
from bot.store.sql.tables.people import links as link_table
from bot.store.sql.tables.people import players as player_table
from bot.store.sql.tables.rounds import reports, rounds, takes, votes
from bot.store.sql.tables.runs import runs
from bot.store.sql.tables.streaks import lapses, repairs, streak_days
from tests.players import add_player
from tests.store.scene import HALL, NINE, Scene, answer

MONDAY = date(2026, 3, 2)
LATER = NINE + timedelta(hours=1)


def test_every_column_that_names_a_player_goes_over_or_stays_for_a_reason() -> None:
    """Whoever adds one says in `owned_rows` what becomes of it when two accounts are linked."""
    named = {
        column
        for table in metadata.tables.values()
        for column in table.c
        if column.references(player_table.c.id)
    }
    known = {table.c.player_id for table in (*OWNED, *OF_SITTINGS)} | set(STAYING)
    assert {str(column) for column in named} == {str(column) for column in known}


async def fill(tx: Transaction, player: int, room: int, day: int) -> None:
    """A row of everything; some of it on a day, and of a question, that both have."""

    async def put(table: Table, **columns: Any) -> None:
        await tx.execute(insert(table).values(player_id=player, **columns))

    for each in (MONDAY, MONDAY + timedelta(days=day)):
        await put(streak_days, day=each, act=f"lit {player} {each}")
        await put(
            lapses, day=each - timedelta(days=9), passed="frozen", days=7, at=NINE, seen_at=NINE
        )
        await put(reminder_messages, day=each, claimed_at=NINE)
    await put(streak_days, day=MONDAY - timedelta(days=day), act=None)
    await put(repairs, day=MONDAY - timedelta(days=day), by_id=player, reason="the train", at=NINE)
    for name in ("pack:gates", f"pack:{player}"):
        await put(badges, badge=name, at=NINE)
    for name in ("gates/gate", f"gates/{player}"):
        await put(votes, question=name, value=1, at=NINE)
    for where in (room, None):
        await put(reports, question="gates/gate", digest="d", reason="odd", at=NINE, place_id=where)
    for community in ("club", f"c{player}"):
        await put(members, platform="paper", community=community)
    address = {"platform": "paper", "person": f"P{player}", "community": "club", "channel": "hall"}
    await put(reminders, hour=8, next_at=LATER, **address)
    await put(takes, place_id=room, pack="gates", act=f"take {player}", digests=[], started_at=NINE)
    rule = {"cron": "0 9 * * *", "packs": [], "levels": [], "minutes": 60}
    await put(schedules, act=f"schedule {player}", place_id=room, created_at=NINE, **rule)
    run = {
        "place_id": room,
        "bot": "b",
        "code": "1",
        "device": "cpu",
        "booked_at": NINE,
        "lease_until": NINE,
    }
    await put(runs, run=f"run {player}", act=f"run {player}", active_of=player * 8, **run)
    await put(runs, run=f"old {player}", act=f"old {player}", state="ended", **run)


async def two(database: Database) -> tuple[int, int]:
    """Two players who have a bit of everything, and answered one question in one round."""
    scene = Scene(database)
    round_id = await scene.open_round(HALL)
    async with database.transaction() as tx:
        ann, bea = [
            (await add_player(tx, Person("paper", f"P{n}", f"P{n}"), NINE)).id for n in (1, 2)
        ]
        for day, player in ((1, ann), (2, bea)):
            await fill(tx, player, 1, day)

    async with database.transaction() as tx:
        await ledger.record(tx, [answer("a", round_id, ann, 1.0), answer("b", round_id, bea, 1.0)])
    await projector.Projector(database).catch_up()
    return ann, bea


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: await Scene(database).rows(table)
        for table in metadata.sorted_tables
        if table is not link_table
    }


async def join(database: Database, kept: int, joined: int) -> None:
    async with database.transaction() as tx:
        await links.lock_pair(tx, kept, joined)
        await joining.join(tx, "join", kept, joined, LATER, REST, "UTC")


async def undo(database: Database, kept: int) -> None:
    async with database.transaction() as tx:
        link = await links.latest(tx, kept)
        assert link
        assert await joining.undo(tx, "undo", link, LATER + timedelta(hours=1))


async def test_a_row_of_everything_goes_over_and_all_of_it_comes_back(database: Database) -> None:
    ann, bea = await two(database)
    before = await everything(database)
    await join(database, ann, bea)
    linked = await everything(database)
    for table in set(OWNED) - {rounds}:
        assert any(row["player_id"] == bea for row in before[table.name]), (
            "a new table needs a row here"
        )
        assert ann in {row["player_id"] for row in linked[table.name]}
    mine = {row["day"] for row in linked["streak_days"] if row["player_id"] == ann}
    assert mine == {row["day"] for row in before["streak_days"]}
    assert {row["day"] for row in linked["repairs"] if row["player_id"] == ann} == {
        row["day"] for row in before["repairs"]
    }
    assert [row["player_id"] for row in linked["reminders"]] == [ann], "nobody is reminded twice"
    assert {row["player_id"] for row in linked["runs"] + linked["schedules"] + linked["takes"]} == {
        ann
    }
    assert [row["active_of"] for row in linked["runs"] if row["active_of"]] == [ann * 8, bea * 8]
    await undo(database, ann)
    assert await everything(database) == before


async def test_what_a_stale_process_wrote_for_the_joined_player_does_not_stop_the_undoing(
    database: Database,
) -> None:
    ann, bea = await two(database)
    await join(database, ann, bea)
    async with database.transaction() as tx:
        vote = {"question": f"gates/{bea}", "player_id": bea, "value": -1, "at": LATER}
        await tx.execute(insert(votes).values(**vote))
    await undo(database, ann)
    async with database.reading() as tx:
        query = select(votes.c.player_id, votes.c.value).where(votes.c.question == f"gates/{bea}")
        assert sorted(map(tuple, await tx.execute(query))) == [(ann, 1), (bea, -1)]


async def test_a_repair_stays_with_its_day_where_the_other_had_solved_something(
    database: Database,
) -> None:
    ann, bea = await two(database)
    async with database.transaction() as tx:
        theirs = (
            await tx.execute(select(repairs.c.day).where(repairs.c.player_id == bea))
        ).scalar_one()
        await tx.execute(insert(streak_days).values(player_id=ann, day=theirs, act="solved"))
        assert [str(theirs)] not in (await owned_rows.keys_to_move(tx, ann, bea))["repairs"]


async def test_a_reminder_wished_for_through_an_account_goes_where_the_account_goes(
    database: Database,
) -> None:
    ann, bea = await two(database)
    await join(database, ann, bea)
    async with database.transaction() as tx:
        await tx.execute(
            reminders.update().where(reminders.c.player_id == ann).values(person="P2", hour=11)
        )
    await undo(database, ann)
    rows = await Scene(database).rows(reminders)
    assert [(row["player_id"], row["person"], row["hour"]) for row in rows] == [(bea, "P2", 11)]


async def test_what_is_set_while_linked_stands_after_parting(database: Database) -> None:
    ann, bea = await two(database)
    await join(database, ann, bea)
    async with database.transaction() as tx:
        await people.set_name_hidden(tx, ann, hidden=True)
    await undo(database, ann)
    async with database.reading() as tx:
        assert (await people.get(tx, ann)).name_hidden
        assert not (await people.get(tx, bea)).name_hidden
