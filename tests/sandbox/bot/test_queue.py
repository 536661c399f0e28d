"""Turns: fair to communities and to people, honest about places."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.bot.queue import LocalQueue, QueueFullError, Ticket, in_turn
from bot.sandbox.protocol import RunRequest

people = st.tuples(st.sampled_from("abc"), st.sampled_from("1234"))
crowds = st.lists(people, max_size=30)


def tickets(crowd: list[tuple[str, str]]) -> list[Ticket]:
    return [
        Ticket(str(n), f"{where}{who}", where, RunRequest(""))
        for n, (where, who) in enumerate(crowd)
    ]


async def all_of(line: LocalQueue) -> list[Ticket]:
    taken = []
    while (ticket := await line.take(lambda _: True)) is not None:
        taken.append(ticket)
    return taken


@given(crowds)
def test_everybody_comes_once_and_what_one_person_asked_for_stays_in_its_order(
    crowd: list[tuple[str, str]],
) -> None:
    order = list(in_turn(tickets(crowd), {}))
    assert sorted(order, key=lambda each: int(each.run)) == tickets(crowd)
    for person in {each.person for each in order}:
        numbers = [int(each.run) for each in order if each.person == person]
        assert numbers == sorted(numbers)


@given(crowds)
def test_no_community_is_ever_two_turns_ahead_of_one_that_waits(
    crowd: list[tuple[str, str]],
) -> None:
    order = list(in_turn(tickets(crowd), {}))
    for at in range(len(order)):
        had = Counter(each.community for each in order[:at])
        waiting = {each.community for each in order[at:]}
        assert all(count - had[other] <= 1 for count in had.values() for other in waiting)


@given(crowds)
def test_no_person_is_two_turns_ahead_of_a_neighbour_who_waits(
    crowd: list[tuple[str, str]],
) -> None:
    order = list(in_turn(tickets([("a", who) for _, who in crowd]), {}))
    for at in range(len(order)):
        had = Counter(each.person for each in order[:at])
        assert all(count - had[each.person] <= 1 for count in had.values() for each in order[at:])


@given(crowds)
def test_a_place_is_the_number_of_turns_until_it_is_ones_own(crowd: list[tuple[str, str]]) -> None:
    async def look() -> None:
        line = LocalQueue(most=1000)
        for ticket in tickets(crowd):
            await line.join(ticket)
        places = {ticket.run: await line.position(ticket.run) for ticket in tickets(crowd)}
        for turn, ticket in enumerate(await all_of(line), 1):
            assert places[ticket.run] == turn
        assert await line.position("0") == 0

    asyncio.run(look())


async def test_whoever_comes_late_from_elsewhere_does_not_wait_for_a_crowd() -> None:
    line = LocalQueue()
    for ticket in tickets([("a", str(n)) for n in range(10)]):
        await line.join(ticket)
    await line.take(lambda _: True)
    await line.join(Ticket("late", "b1", "b", RunRequest("")))
    assert await line.position("late") == 1
    assert next(each.run for each in await all_of(line)) == "late"


async def test_what_was_taken_in_vain_comes_before_all_others() -> None:
    line = LocalQueue()
    first, *others = tickets([("a", "1"), ("b", "1"), ("c", "1")])
    for ticket in (first, *others):
        await line.join(ticket)
    taken = await line.take(lambda _: True)
    assert taken == first
    await line.put_back(first)
    assert await line.position(first.run) == 1
    assert await all_of(line) == [first, *others]


async def test_what_finds_no_room_lets_others_pass() -> None:
    line = LocalQueue()
    cpu, gpu = (
        Ticket("1", "p", "a", RunRequest("", device="gpu")),
        Ticket("2", "q", "a", RunRequest("")),
    )
    await line.join(cpu)
    await line.join(gpu)
    assert await line.take(lambda ticket: ticket.request.device == "cpu") == gpu


async def test_one_community_fills_half_of_the_queue_and_a_full_one_says_so() -> None:
    line = LocalQueue(most=4)
    for ticket in tickets([("a", "1"), ("a", "2")]):
        await line.join(ticket)
    with pytest.raises(QueueFullError, match="2 runs are waiting"):
        await line.join(Ticket("x", "a3", "a", RunRequest("")))
    for name in "bc":
        await line.join(Ticket(name, name, name, RunRequest("")))
    with pytest.raises(QueueFullError, match="4 runs are waiting"):
        await line.join(Ticket("y", "d", "d", RunRequest("")))
