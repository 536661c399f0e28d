"""One member on several platforms: what counts, what comes back, and who cannot get in."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.errors import UserError
from bot.identity import Person, Place
from bot.model.boards import Board
from bot.model.links import LinkCode, LinkedMember
from bot.model.people import Player
from bot.model.profile import Profile
from bot.model.rounds import QuestionFilter
from bot.quiz.judging.points import REST
from bot.quizmaster.daily.daily import Daily
from bot.quizmaster.links import Links
from bot.quizmaster.people import People
from bot.store import profile, streaks
from bot.store.boards import boards
from bot.store.boards.projector import Projector
from bot.store.links import CODE_LIFE, LOCK_TIME, MOST_WRONG
from bot.store.rounds import sittings
from bot.store.sql.tables.people import accounts, link_codes, players
from bot.store.sql.tables.rounds import attempts, score_histogram
from bot.store.sql.tables.rounds import boards as board_table
from tests.quizmaster.conftest import HALL, Quiz
from tests.refusing import refused

YARD = Place("chalk", "school", "yard")
LAB = Place("ink", "college", "lab")
QUESTION = QuestionFilter("gates", "intermediate")


ACTS = count()


def act() -> str:
    return f"act {next(ACTS)}"


@pytest.fixture
def links(quiz: Quiz) -> Links:
    return Links(quiz.core)


async def person(quiz: Quiz, place: Place, name: str = "Ann") -> Player:
    quiz.people.clear_cache()
    return await quiz.people.find_or_add(
        Person(place.platform, f"{name} of {place.platform}", name), place, quiz.clock.now()
    )


async def join(
    quiz: Quiz, links: Links, giver: Player, place: Place, other: Player, there: Place
) -> LinkedMember:
    code = await gave(links, giver, place, quiz.clock.now())
    return await links.enter_code(act(), other, there, code.words, quiz.clock.now())


async def gave(links: Links, *told: Any) -> LinkCode:
    code = await links.give_code(act(), *told)
    assert code is not None
    return code


async def solves(quiz: Quiz, player: Player, place: Place, letter: str = "A") -> int:
    """A live question of this place, answered; its points."""
    now = quiz.clock.now()
    acts = iter(range(10**6))
    asked = await quiz.rounds.live.open(
        f"{place.platform} {now} {next(acts)}", place, QUESTION, now
    )
    verdict = await quiz.rounds.answers.submit(
        f"{player.id} in {asked.id}", asked.id, player, place, (letter,), now
    )
    quiz.clock.advance(120)
    await quiz.rounds.closing.close_due(quiz.clock.now())
    return verdict.sitting.points


async def shown(quiz: Quiz, player: Player) -> Profile:
    quiz.people.clear_cache()
    return await quiz.people.profile(player, quiz.clock.now())


async def everywhere(quiz: Quiz, reader: Player) -> Board:
    await Projector(quiz.database).catch_up()
    async with quiz.database.reading() as tx:
        found = await boards.find(tx, "everywhere", HALL, "all", "")
        if found is None:
            query = select(board_table.c.id).where(
                board_table.c.scope == "everywhere", board_table.c.period == "all"
            )
            found = (await tx.execute(query)).scalar_one()
        return await boards.read(tx, found, reader.id)


async def test_two_accounts_are_one_player_with_all_that_both_had(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    paid = await solves(quiz, there, YARD)
    async with quiz.database.transaction() as tx:
        await profile.award_badge(tx, there.id, "pack:gates", quiz.clock.now())
    assert paid > 0
    joined = await join(quiz, links, there, YARD, ann, HALL)
    assert joined.player.id == ann.id
    assert (await person(quiz, YARD)).id == ann.id
    mine = await shown(quiz, ann)
    assert mine.points == paid
    assert mine.streak.days == 1
    assert [badge.id for badge in mine.badges] == ["pack:gates"]
    board = await everywhere(quiz, ann)
    assert [(line.player_id, line.points) for line in board.top] == [(ann.id, paid)]
    assert board.members == 1


async def test_of_two_answers_to_one_question_the_earlier_counts(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    early = await solves(quiz, there, YARD)
    quiz.clock.advance(3600)
    late = await solves(quiz, ann, HALL)
    assert early > 0
    assert late > 0
    await join(quiz, links, ann, HALL, there, YARD)
    assert (await shown(quiz, ann)).points == early
    assert [line.points for line in (await everywhere(quiz, ann)).top] == [early]


async def test_after_the_rest_the_same_question_counts_again(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    early = await solves(quiz, there, YARD)
    quiz.clock.advance(REST.total_seconds() + 1)
    late = await solves(quiz, ann, HALL)
    await join(quiz, links, ann, HALL, there, YARD)
    assert (await shown(quiz, ann)).points == early + late


async def test_an_answer_after_linking_pays_once_in_all_places(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    await join(quiz, links, ann, HALL, there, YARD)
    paid = await solves(quiz, await person(quiz, YARD), YARD)
    assert paid > 0
    assert await solves(quiz, await person(quiz, HALL), HALL) == 0
    assert (await shown(quiz, ann)).points == paid


async def test_an_answer_by_whoever_does_not_know_of_the_link_yet_counts_for_the_one_member(
    quiz: Quiz, links: Links
) -> None:
    """Another process may remember for half a minute who was met."""
    ann, there, third = [await person(quiz, place) for place in (HALL, YARD, LAB)]
    await join(quiz, links, third, LAB, there, YARD)
    await join(quiz, links, await person(quiz, LAB), LAB, ann, HALL)
    paid = await solves(quiz, third, LAB)
    assert paid > 0
    assert (await shown(quiz, ann)).points == paid


async def test_a_hint_for_whoever_is_somebody_else_by_now_costs_the_one_member(
    quiz: Quiz, links: Links
) -> None:
    """Through a process that does not know of the link a hint is not free.

    Neither is a card that it opens.
    """
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    now = quiz.clock.now()
    asked = await quiz.rounds.live.open("asked", YARD, QUESTION, now)
    await join(quiz, links, ann, HALL, there, YARD)
    assert await quiz.rounds.answers.join(asked.id, there, YARD, now) == (asked, True)
    await quiz.rounds.hints.take(act(), asked.id, there, YARD, now)
    verdict = await quiz.rounds.answers.submit(
        act(), asked.id, await person(quiz, YARD), YARD, ("A",), now
    )
    assert verdict.factors
    assert verdict.factors.hints == 1
    assert (await quiz.rounds.closing.result(asked)).joined == 1


async def test_answers_and_links_at_once_lose_nothing(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    now = quiz.clock.now()
    asked = await quiz.rounds.live.open("asked", YARD, QUESTION, now)
    code = await gave(links, ann, HALL, now)
    projecting = asyncio.create_task(Projector(quiz.database).catch_up())
    answering = quiz.rounds.answers.submit("answer", asked.id, there, YARD, ("A",), now)
    verdict, _ = await asyncio.gather(
        answering, links.enter_code(act(), there, YARD, code.words, now)
    )
    await projecting
    assert (await shown(quiz, ann)).points == verdict.sitting.points > 0
    assert [line.player_id for line in (await everywhere(quiz, ann)).top] == [ann.id]


async def test_undone_within_a_day_everybody_has_what_they_had(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    early = await solves(quiz, there, YARD)
    late = await solves(quiz, ann, HALL)
    async with quiz.database.transaction() as tx:
        await profile.award_badge(tx, there.id, "pack:gates", quiz.clock.now())
        before = await _counts(tx)
    await join(quiz, links, ann, HALL, there, YARD)
    assert await links.undoable(ann, quiz.clock.now())
    await links.undo(act(), ann, quiz.clock.now() + timedelta(hours=23))
    assert (await person(quiz, YARD)).id == there.id
    assert (await shown(quiz, ann)).points == late
    theirs = await shown(quiz, there)
    assert theirs.points == early
    assert [badge.id for badge in theirs.badges] == ["pack:gates"]
    board = await everywhere(quiz, ann)
    assert sorted(line.points for line in board.top) == sorted((early, late))
    assert board.members == 2
    async with quiz.database.reading() as tx:
        assert await _counts(tx) == before


async def _counts(tx: object) -> Sequence[int]:
    query = select(
        *(
            select(func.count()).select_from(each).scalar_subquery()
            for each in (players, attempts, accounts)
        )
    )
    return tuple((await tx.execute(query)).one())  # type: ignore[attr-defined]


async def test_another_process_sees_a_link_and_its_undoing_at_once(
    quiz: Quiz, links: Links
) -> None:
    """It remembers nobody who gave out a code, or who was linked within a day."""
    elsewhere = People(quiz.core, quiz.streaks)
    ann, there = await person(quiz, HALL), await person(quiz, YARD)

    async def met(place: Place) -> int:
        who = Person(place.platform, f"Ann of {place.platform}", "Ann")
        return (await elsewhere.find_or_add(who, place, quiz.clock.now())).id

    code = await gave(links, there, YARD, quiz.clock.now())
    assert await met(YARD) == there.id
    await links.enter_code(act(), ann, HALL, code.words, quiz.clock.now())
    assert await met(YARD) == ann.id
    await links.undo(act(), ann, quiz.clock.now())
    assert await met(YARD) == there.id


async def test_one_member_in_two_zones_has_one_calendar_and_no_day_ends_sooner(
    quiz: Quiz, links: Links
) -> None:
    """At 20:00 UTC it is tomorrow in Tokyo.

    They go by the day that is still today, and by the chosen zone from then on.
    """
    quiz.clock.advance(11 * 3600)
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    async with quiz.database.transaction() as tx:
        await tx.execute(update(players).where(players.c.id == ann.id).values(zone="Asia/Tokyo"))
    now = quiz.clock.now()
    await join(quiz, links, ann, HALL, there, YARD)
    async with quiz.database.reading() as tx:
        days = (await streaks.calendars(tx, [ann.id], "UTC"))[ann.id]
    assert [days.day_of(now + timedelta(hours=n)).day for n in (0, 3, 4, 18, 19)] == [2, 2, 3, 3, 4]
    asked = await quiz.rounds.live.open("asked", YARD, QUESTION, now)
    verdict = await quiz.rounds.answers.submit("stale", asked.id, there, YARD, ("A",), now)
    assert verdict.counted
    assert (verdict.counted.day, verdict.counted.streak.days) == (now.date(), 1)
    await links.undo(act(), ann, now)
    assert (await shown(quiz, ann)).zone == "Asia/Tokyo"


async def test_a_round_in_which_both_accounts_answered_ends_with_one_member(
    quiz: Quiz, links: Links
) -> None:
    """Two accounts in one place become one through a third elsewhere.

    The end names who they are, once.
    """
    ann, twin, third = (
        await person(quiz, HALL),
        await person(quiz, HALL, "Twin"),
        await person(quiz, YARD),
    )
    now = quiz.clock.now()
    asked = await quiz.rounds.live.open("asked", HALL, QUESTION, now)
    for who in (twin, ann):
        quiz.clock.advance(1)
        await quiz.rounds.answers.submit(act(), asked.id, who, HALL, ("A",), quiz.clock.now())
    await join(quiz, links, ann, HALL, third, YARD)
    await join(quiz, links, await person(quiz, YARD), YARD, twin, HALL)
    result = await quiz.rounds.closing.result(asked)
    assert (result.joined, result.solved) == (1, 1)
    assert result.first == (await shown(quiz, ann)).player
    told = await Daily(quiz.core, quiz.rounds).results.read(asked)
    assert [(solver.player.id, solver.streak) for solver in told.solvers] == [(ann.id, 1)]


async def test_a_link_is_undone_whatever_a_process_behind_wrote_down_meanwhile(
    quiz: Quiz, links: Links
) -> None:
    """It let the other account look into a round that had gone over with the link."""
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    paid = await solves(quiz, there, YARD)
    await join(quiz, links, ann, HALL, there, YARD)
    async with quiz.database.transaction() as tx:
        await sittings.add_late_visitor(tx, 1, there.id, quiz.clock.now())
    await links.undo(act(), ann, quiz.clock.now())
    assert (await shown(quiz, there)).points == paid
    assert (await shown(quiz, ann)).points == 0


async def test_a_link_cannot_be_undone_twice_or_after_a_day(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    await join(quiz, links, ann, HALL, there, YARD)
    with refused("within a day"):
        await links.undo(act(), ann, quiz.clock.now() + timedelta(days=1))
    await links.undo(act(), ann, quiz.clock.now())
    with refused("no link of yours"):
        await links.undo(act(), ann, quiz.clock.now())


async def test_three_platforms_are_one_member_and_part_in_turn(quiz: Quiz, links: Links) -> None:
    ann, there, third = [await person(quiz, place) for place in (HALL, YARD, LAB)]
    paid = await solves(quiz, third, LAB)
    await join(quiz, links, third, LAB, there, YARD)
    await join(quiz, links, await person(quiz, LAB), LAB, ann, HALL)
    assert {(await person(quiz, place)).id for place in (HALL, YARD, LAB)} == {ann.id}
    assert (await shown(quiz, ann)).points == paid
    await links.undo(act(), ann, quiz.clock.now())
    assert [(await person(quiz, place)).id for place in (HALL, YARD, LAB)] == [
        ann.id,
        there.id,
        there.id,
    ]
    await links.undo(act(), there, quiz.clock.now())
    assert (await shown(quiz, third)).points == paid


async def test_a_code_works_once_for_ten_minutes_and_only_elsewhere(
    quiz: Quiz, links: Links
) -> None:
    ann, there, third = [await person(quiz, place) for place in (HALL, YARD, LAB)]
    code = await gave(links, ann, HALL, quiz.clock.now())
    other = await person(quiz, HALL, "Bob")
    with refused("was given here"):
        await links.enter_code(act(), other, HALL, code.words, quiz.clock.now())
    with refused("one member already"):
        await links.enter_code(act(), ann, HALL, code.words, quiz.clock.now())
    with refused("wrong, used, or older"):
        await links.enter_code(act(), there, YARD, code.words, quiz.clock.now() + CODE_LIFE)
    await links.enter_code(
        act(), there, YARD, code.words.lower().replace("-", " "), quiz.clock.now()
    )
    with refused("wrong, used, or older"):
        await links.enter_code(act(), third, LAB, code.words, quiz.clock.now())


async def test_a_new_code_ends_the_one_before(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    old = await gave(links, ann, HALL, quiz.clock.now())
    await gave(links, ann, HALL, quiz.clock.now())
    with pytest.raises(UserError):
        await links.enter_code(act(), there, YARD, old.words, quiz.clock.now())


async def test_codes_are_stored_hashed(quiz: Quiz, links: Links) -> None:
    code = await gave(links, await person(quiz, HALL), HALL, quiz.clock.now())
    async with quiz.database.reading() as tx:
        kept = str((await tx.execute(select(link_codes))).all())
    assert code.words not in kept
    assert code.words.replace("-", "") not in kept


async def test_five_wrong_tries_lock_for_an_hour(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    for left in range(MOST_WRONG - 1, 0, -1):
        with refused(f"{left} tries left"):
            await links.enter_code(act(), there, YARD, "AAAAA-AAAAA", quiz.clock.now())
    with refused("in an hour"):
        await links.enter_code(act(), there, YARD, "AAAAA-AAAAA", quiz.clock.now())
    code = await gave(links, ann, HALL, quiz.clock.now())
    with refused("Too many wrong codes"):
        await links.enter_code(act(), there, YARD, code.words, quiz.clock.now())
    later = quiz.clock.now() + LOCK_TIME
    code = await gave(links, ann, HALL, later)
    assert (await links.enter_code(act(), there, YARD, code.words, later)).player.id == ann.id


async def test_of_two_who_enter_a_code_at_once_one_is_joined(quiz: Quiz, links: Links) -> None:
    ann, there, third = [await person(quiz, place) for place in (HALL, YARD, LAB)]
    code = await gave(links, ann, HALL, quiz.clock.now())
    told = await asyncio.gather(
        links.enter_code(act(), there, YARD, code.words, quiz.clock.now()),
        links.enter_code(act(), third, LAB, code.words, quiz.clock.now()),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, LinkedMember) for each in told) == [False, True]


async def test_a_name_hidden_in_one_place_is_hidden_and_a_zone_is_kept(
    quiz: Quiz, links: Links
) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    await quiz.people.set_name_hidden(there, hidden=True)
    await quiz.people.set_zone(there, "Asia/Tokyo", quiz.clock.now())
    joined = await join(quiz, links, ann, HALL, there, YARD)
    assert joined.player.name_hidden
    assert joined.player.zone == "Asia/Tokyo"
    await links.undo(act(), ann, quiz.clock.now())
    assert not (await shown(quiz, ann)).player.name_hidden


async def test_boards_count_nobody_twice_after_any_number_of_links(
    quiz: Quiz, links: Links
) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    await solves(quiz, ann, HALL)
    await solves(quiz, there, YARD, "B")
    for _ in range(3):
        await join(quiz, links, ann, HALL, await person(quiz, YARD), YARD)
        assert (await everywhere(quiz, ann)).members == 1
        await links.undo(act(), ann, quiz.clock.now())
    await everywhere(quiz, ann)
    async with quiz.database.reading() as tx:
        assert (await tx.execute(select(func.min(score_histogram.c.n)))).scalar_one() >= 0


async def test_an_act_that_is_delivered_again_changes_nothing(quiz: Quiz, links: Links) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    now = quiz.clock.now()
    code = await links.give_code("given", ann, HALL, now)
    assert code is not None
    assert await links.give_code("given", ann, HALL, now) is None
    for _ in range(MOST_WRONG + 1):
        with refused("4 tries left"):
            await links.enter_code("wrong", there, YARD, "AAAAA-AAAAA", now)
    first = await links.enter_code("entered", there, YARD, code.words, now)
    assert (
        await links.enter_code("entered", await person(quiz, YARD), YARD, code.words, now) == first
    )
    await links.undo("undone", ann, now)
    await links.undo("undone", ann, now)
    assert (await person(quiz, YARD)).id == there.id


async def test_two_who_enter_each_others_codes_at_once_are_one_member(
    quiz: Quiz, links: Links
) -> None:
    ann, there = await person(quiz, HALL), await person(quiz, YARD)
    now = quiz.clock.now()
    one, other = await gave(links, ann, HALL, now), await gave(links, there, YARD, now)
    told = await asyncio.gather(
        links.enter_code(act(), there, YARD, one.words, now),
        links.enter_code(act(), ann, HALL, other.words, now),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in told) == ["LinkedMember", "UserError"]
    assert (await person(quiz, YARD)).id == ann.id
