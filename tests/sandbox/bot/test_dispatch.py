"""The dispatcher before workers that are real servers.

It waits for slots, retries once, loses nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.queue import LocalQueue, QueueFullError, Restarted, RunUpdate, Ticket, Waiting
from bot.sandbox.bot.worker_client import WorkerAddress
from bot.sandbox.protocol import End, Outcome, OutputText, RequestError, RunRequest, Start
from tests.sandbox.fake_worker import Play, Stage, echo, idle, serve_fake_worker

DEADLINE = 20


@asynccontextmanager
async def dispatching(
    *addresses: WorkerAddress, most: int = 100, max_wait: float = DEADLINE
) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(addresses, LocalQueue(most), max_wait)
    serving = asyncio.create_task(dispatcher.serve())
    try:
        async with asyncio.timeout(DEADLINE):
            yield dispatcher
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def ticket(name: str = "1", code: str = "x", person: str = "ann", device: str = "cpu") -> Ticket:
    return Ticket(name, person, "club", RunRequest(code, device=device))


async def whole(dispatcher: Dispatcher, asked: Ticket) -> list[RunUpdate]:
    async with aclosing(dispatcher.run(asked)) as signs:
        return [sign async for sign in signs if not isinstance(sign, Waiting)]


def end(signs: Sequence[RunUpdate]) -> End:
    last = signs[-1]
    assert isinstance(last, End)
    return last


async def test_a_run_goes_to_a_worker_and_its_output_comes_back(tmp_path: Path) -> None:
    async with (
        serve_fake_worker(tmp_path / "w.sock") as (_, address),
        dispatching(address) as dispatcher,
    ):
        assert await whole(dispatcher, ticket(code="42")) == [
            Start("1", "cpu"),
            OutputText("42"),
            End(Outcome.DONE),
        ]


@pytest.mark.parametrize("crowd", [12])
async def test_no_worker_is_ever_sent_more_than_it_has_slots_for(
    crowd: int, tmp_path: Path
) -> None:
    async with (
        serve_fake_worker(slots=2) as (one, first),
        serve_fake_worker(tmp_path / "w.sock", slots=3) as (other, second),
        dispatching(first, second) as dispatcher,
    ):
        asked = [ticket(str(n), str(n), str(n)) for n in range(crowd)]
        told = await asyncio.gather(*(whole(dispatcher, each) for each in asked))
        assert [signs[1] for signs in told] == [OutputText(str(n)) for n in range(crowd)]
        assert (one.most, other.most) <= (2, 3)
        assert sorted(map(int, one.asked + other.asked)) == list(range(crowd))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=8))
def test_one_slot_serves_people_in_turns(crowd: list[str]) -> None:
    """The order that workers see is the order of turns, whoever came in a crowd."""

    async def play() -> None:
        held = asyncio.Event()

        async def hold(stage: Stage, request: RunRequest) -> None:
            await held.wait()
            await echo(stage, request)

        async with (
            serve_fake_worker(play=hold) as (worker, address),
            dispatching(address) as dispatcher,
        ):
            first = asyncio.create_task(whole(dispatcher, ticket("first", "first", "zoe")))
            await worker.begun.wait()
            asked = [ticket(str(n), f"{who}{n}", who) for n, who in enumerate(crowd)]
            waiting = [asyncio.create_task(whole(dispatcher, each)) for each in asked]
            while len(dispatcher._runs) <= len(crowd):  # noqa: ASYNC110 (each task needs a turn of the loop or two)
                await asyncio.sleep(0)
            places = [await dispatcher._queue.position(each.run) for each in asked]
            held.set()
            await asyncio.gather(first, *waiting)
            by_place = [
                each.request.code
                for _, each in sorted(zip(places, asked, strict=True), key=lambda pair: pair[0])
            ]
            assert worker.asked == ["first", *by_place]

    asyncio.run(play())


async def test_who_waits_is_told_their_place_and_how_long_it_has_been() -> None:
    async with (
        serve_fake_worker(play=idle) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        holding = asyncio.create_task(whole(dispatcher, ticket("holds")))
        await worker.begun.wait()
        async with (
            aclosing(dispatcher.run(ticket("1", person="bob"))) as ones,
            aclosing(dispatcher.run(ticket("2", person="cat"))) as twos,
        ):
            one, two = await anext(ones), await anext(twos)
            assert isinstance(one, Waiting)
            assert isinstance(two, Waiting)
            assert (one.place, two.place) == (1, 2)
            later = await anext(ones)
            assert isinstance(later, Waiting)
            assert later.seconds > one.seconds
        holding.cancel()


async def test_hanging_up_cancels_the_run_and_frees_its_slot() -> None:
    async with (
        serve_fake_worker(play=idle) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        async with aclosing(dispatcher.run(ticket())) as signs:
            async for sign in signs:
                if isinstance(sign, Start):
                    break
        await worker.cancelled.wait()
        worker.play = echo
        assert end(await whole(dispatcher, ticket("2"))).outcome is Outcome.DONE


async def test_who_leaves_the_queue_is_never_run() -> None:
    async with (
        serve_fake_worker(play=idle) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        holding = asyncio.create_task(whole(dispatcher, ticket("holds", "holds")))
        await worker.begun.wait()
        async with aclosing(dispatcher.run(ticket("gone", "gone"))) as signs:
            await anext(signs)
        worker.play = echo
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        await whole(dispatcher, ticket("2", "2"))
        assert worker.asked == ["holds", "2"]


def deadly(times: int) -> tuple[list[str], Play]:
    deaths: list[str] = []

    async def play(stage: Stage, request: RunRequest) -> None:
        if len(deaths) < times:
            deaths.append(stage.run)
            await stage.tell(OutputText("half"))
            await stage.die()
        await echo(stage, request)

    return deaths, play


async def test_a_stream_without_its_end_is_run_once_more_elsewhere_and_said() -> None:
    deaths, play = deadly(1)
    async with (
        serve_fake_worker(play=play) as (one, first),
        serve_fake_worker(play=play) as (other, second),
        dispatching(first, second) as dispatcher,
    ):
        signs = await whole(dispatcher, ticket("a-run", "42"))
        assert [type(sign) for sign in signs] == [
            Start,
            OutputText,
            Restarted,
            Start,
            OutputText,
            End,
        ]
        assert (len(one.asked), len(other.asked)) == (1, 1)
        assert one.names == other.names == deaths == ["a-run"]


async def test_the_only_worker_is_tried_again_when_it_is_back() -> None:
    _, play = deadly(1)
    async with (
        serve_fake_worker(play=play) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        assert end(await whole(dispatcher, ticket())).outcome is Outcome.DONE
        assert len(worker.asked) == 2


async def test_a_second_death_is_told_and_not_tried_again() -> None:
    _, play = deadly(9)
    async with (
        serve_fake_worker(play=play) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        ended = end(await whole(dispatcher, ticket()))
        assert (ended.outcome, len(worker.asked)) == (Outcome.LOST, 2)
        assert "try it again" in ended.note


@pytest.mark.parametrize("status", [409, 429, 503])
async def test_a_busy_worker_costs_no_try(status: int) -> None:
    async with (
        serve_fake_worker(refusals=[status] * 3) as (worker, address),
        dispatching(address) as dispatcher,
    ):
        assert end(await whole(dispatcher, ticket())).outcome is Outcome.DONE
        assert worker.refusals == []


async def test_a_refused_connection_costs_no_try_and_others_take_over(tmp_path: Path) -> None:
    async with serve_fake_worker() as (worker, address):
        nowhere = WorkerAddress(str(tmp_path / "nobody.sock"))
        async with dispatching(nowhere, address) as dispatcher:
            signs = await whole(dispatcher, ticket())
            assert Restarted() not in signs
            assert worker.asked == ["x"]


@pytest.mark.parametrize("status", [400, 413])
async def test_a_wrong_request_is_told_in_the_workers_words(status: int) -> None:
    async with (
        serve_fake_worker(refusals=[status]) as (_, address),
        dispatching(address) as dispatcher,
    ):
        with pytest.raises(RequestError, match="Not now"):
            await whole(dispatcher, ticket())


async def test_a_worker_is_shown_its_token_and_one_without_it_is_left_alone() -> None:
    async with serve_fake_worker(token="secret") as (worker, address):
        async with dispatching(address) as dispatcher:
            assert end(await whole(dispatcher, ticket())).outcome is Outcome.DONE
        async with dispatching(WorkerAddress(address.where, "wrong"), max_wait=0.5) as dispatcher:
            assert end(await whole(dispatcher, ticket("2"))).outcome is Outcome.LOST
        assert worker.names == ["1"]


async def test_nobody_waits_longer_than_the_patience_lasts(tmp_path: Path) -> None:
    async with dispatching(
        WorkerAddress(str(tmp_path / "nobody.sock")), max_wait=0.3
    ) as dispatcher:
        assert end(await whole(dispatcher, ticket())).note.startswith("no worker was free")


async def test_a_full_queue_says_so() -> None:
    async with (
        serve_fake_worker(play=idle) as (worker, address),
        dispatching(address, most=2) as dispatcher,
    ):
        holding = asyncio.create_task(whole(dispatcher, ticket("holds")))
        await worker.begun.wait()
        async with aclosing(dispatcher.run(ticket("1"))) as signs:
            await anext(signs)
            with pytest.raises(QueueFullError, match="The queue is full"):
                await whole(dispatcher, ticket("2"))
        holding.cancel()


async def test_a_worker_in_trouble_gets_nothing_until_it_is_well() -> None:
    async with (
        serve_fake_worker(trouble="no walls") as (worker, address),
        dispatching(address) as dispatcher,
    ):
        running = asyncio.create_task(whole(dispatcher, ticket()))
        await asyncio.sleep(0.2)
        assert (worker.asked, dispatcher.has("cpu")) == ([], False)
        worker.trouble = ""
        assert end(await running).outcome is Outcome.DONE


async def test_a_gpu_run_goes_where_a_gpu_is() -> None:
    async with (
        serve_fake_worker() as (plain, first),
        serve_fake_worker(devices=("cpu", "gpu")) as (gifted, second),
        dispatching(first, second) as dispatcher,
    ):
        await whole(dispatcher, ticket(device="gpu"))
        assert (plain.asked, gifted.asked) == ([], ["x"])
        assert dispatcher.has("gpu")


async def test_a_line_of_megabytes_comes_whole() -> None:
    async def play(stage: Stage, _: RunRequest) -> None:
        await stage.tell(OutputText("é" * (3 << 20)), End(Outcome.DONE))

    async with serve_fake_worker(play=play) as (_, address), dispatching(address) as dispatcher:
        signs = await whole(dispatcher, ticket())
        assert signs[1] == OutputText("é" * (3 << 20))
