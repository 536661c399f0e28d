"""Workers that lie.

Whatever they say, the run is told how it ended, the bot goes on at once and holds no more than a
bit.
"""

import asyncio
import gzip
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.queue import LocalQueue, Restarted, RunUpdate, Ticket, Waiting
from bot.sandbox.bot.worker_client import MAX_LINES, MAX_STREAM, SPARE_SECONDS, WorkerClient
from bot.sandbox.protocol import (
    End,
    Event,
    Heartbeat,
    Outcome,
    OutputText,
    RequestError,
    RunRequest,
    Start,
    to_line,
)
from tests.sandbox.lying_worker import READY, LyingWorker, Said, answer, lying, stream

DEADLINE = 30
LONGEST_GAP = 2.0
"""Seconds for which the loop may not turn, on a busy machine.

It is a tenth of that where nobody else computes.
"""
MOST_MB = 200


@dataclass(slots=True)
class Pulse:
    """The longest time in which the loop did nothing else, and how much memory was added."""

    longest: float = 0.0
    grown_mb: float = 0.0


@asynccontextmanager
async def felt() -> AsyncIterator[Pulse]:
    pulse, me = Pulse(), psutil.Process()
    before = me.memory_info().rss

    async def feel() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            pulse.longest = max(pulse.longest, time.monotonic() - last)
            pulse.grown_mb = max(pulse.grown_mb, (me.memory_info().rss - before) / 2**20)
            last = time.monotonic()

    feeling = asyncio.create_task(feel())
    try:
        yield pulse
    finally:
        feeling.cancel()
        await asyncio.gather(feeling, return_exceptions=True)


@asynccontextmanager
async def believing(
    runs: Said, patience: float = 10.0
) -> AsyncIterator[tuple[Dispatcher, LyingWorker]]:
    """A dispatcher that knows this one worker; it has to be alive in the end."""
    async with lying(runs) as (liar, address), asyncio.timeout(DEADLINE):
        dispatcher = Dispatcher([address], LocalQueue(), patience)
        serving = asyncio.create_task(dispatcher.serve())
        try:
            yield dispatcher, liar
            assert not serving.done()
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def ticket(run: str = "mine") -> Ticket:
    return Ticket(run, "ann", "club", RunRequest("1"))


async def whole(dispatcher: Dispatcher) -> list[RunUpdate]:
    async with aclosing(dispatcher.run(ticket())) as signs:
        return [sign async for sign in signs if not isinstance(sign, Waiting)]


def begun(run: str, *lines: bytes) -> bytes:
    return stream(to_line(Start(run, "cpu")), *lines)


LIES: dict[str, Said] = {
    "nothing": lambda _: [],
    "no HTTP": lambda _: [b"hello\r\n\r\n"],
    "no JSON": lambda run: [begun(run, b"{]\n")],
    "nested without end": lambda run: [begun(run, b"[" * 500_000 + b"\n")],
    "a deep object": lambda run: [begun(run, b'{"t":' * 50_000 + b"\n")],
    "another run's stream": lambda _: [
        stream(to_line(Start("yours", "cpu")), to_line(End(Outcome.DONE)))
    ],
    "no end": lambda run: [begun(run, to_line(OutputText("half")))],
    "half an end": lambda run: [begun(run, to_line(End(Outcome.DONE))[:-9])],
    "broken chunks": lambda _: [
        answer(b"zz\r\nnothing\r\n", "200 OK", "Transfer-Encoding: chunked")
    ],
    "a wrong length": lambda run: [
        answer(to_line(Start(run, "cpu")), "200 OK", "Content-Length: 9999")
    ],
    "a text that is a number": lambda run: [begun(run, b'{"t": "out", "text": 5}\n')],
    "an outcome that is none": lambda run: [
        begun(run, to_line(End(Outcome.DONE)).replace(b"done", b"fine"))
    ],
    "values that are none": lambda run: [
        begun(run, to_line(End(Outcome.DONE)).replace(b'"values": []', b'"values": [5]'))
    ],
    "a count that is a text": lambda run: [
        begun(run, to_line(End(Outcome.DONE)).replace(b'"rc": 0', b'"rc": "0"'))
    ],
    "a picture that is none": lambda run: [
        begun(run, b'{"t": "picture", "name": "x", "png": "\xc3\xa9"}\n')
    ],
    "a compressed stream": lambda _: [
        answer(gzip.compress(to_line(End(Outcome.DONE))), "200 OK", "Content-Encoding: gzip")
    ],
    "ends that are not its own": lambda _: [stream(to_line(End(Outcome.LOST)))],
}


@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_a_lie_is_taken_for_a_death_and_tried_once_more(lie: str) -> None:
    async with believing(LIES[lie]) as (dispatcher, liar):
        signs = await whole(dispatcher)
        assert isinstance(signs[-1], End)
        assert signs[-1].outcome is Outcome.LOST
        assert signs.count(Restarted()) == 1
        assert len(liar.asked) == 2


async def test_a_second_end_is_not_heard() -> None:
    def twice(run: str) -> Iterable[bytes]:
        yield begun(
            run,
            to_line(End(Outcome.DONE)),
            to_line(End(Outcome.RAISED)),
            to_line(OutputText("more")),
        )

    async with believing(twice) as (dispatcher, _):
        assert await whole(dispatcher) == [Start("mine", "cpu"), End(Outcome.DONE)]


async def test_half_a_pair_of_surrogates_becomes_text() -> None:
    """Whatever reaches a platform can be written out."""

    def half(run: str) -> Iterable[bytes]:
        yield begun(run, b'{"t": "out", "text": "\\ud800"}\n', to_line(End(Outcome.DONE)))

    async with believing(half) as (dispatcher, _):
        assert OutputText("?") in await whole(dispatcher)


ENDLESS: dict[str, bytes] = {
    "one line": b"x" * (1 << 16),
    "lines": to_line(Heartbeat()) * 2000,
    "output": to_line(OutputText("x" * 60_000)),
}


@pytest.mark.parametrize("lie", ENDLESS, ids=str)
async def test_gigabytes_are_cut_and_the_bot_goes_on_meanwhile(lie: str) -> None:
    """Far more than a run can say is not listened to, and not held either."""

    def endless(run: str) -> Iterable[bytes]:
        return itertools.chain([begun(run)], itertools.repeat(ENDLESS[lie], 40_000))

    async with believing(endless) as (dispatcher, liar), felt() as pulse:
        async with aclosing(dispatcher.run(ticket())) as signs:
            last = [sign async for sign in signs if isinstance(sign, Restarted | End)][-1]
        assert isinstance(last, End)
        assert last.outcome is Outcome.LOST
        assert liar.taken < 2 * max(MAX_STREAM, 20 * MAX_LINES) + (64 << 20)
    assert pulse.longest < LONGEST_GAP
    assert pulse.grown_mb < MOST_MB


async def test_a_stream_that_goes_on_and_on_is_left_in_time() -> None:
    """Heartbeats keep it alive no longer than a run of that worker can last."""
    async with lying(lambda run: [begun(run), *[to_line(Heartbeat())] * 10_000]) as (liar, address):
        liar.pause = 0.01
        client = WorkerClient(address)
        client._seconds = 0.2 - SPARE_SECONDS
        with pytest.raises(ValueError, match="a stream without end"):
            await told(client)
        await client.close()


async def told(client: WorkerClient) -> list[Event]:
    async with asyncio.timeout(DEADLINE), aclosing(client.stream(ticket())) as events:
        return [event async for event in events]


def of_itself(**said: object) -> bytes:
    return answer(json.dumps({**READY, **said}).encode())


PORTRAITS = {
    "endless slots": of_itself(devices={"cpu": {"slots": float("inf"), "free": 1}}),
    "slots below none": of_itself(devices={"cpu": {"slots": -5, "free": 1}}),
    "slots in words": of_itself(devices={"cpu": {"slots": "two", "free": 1}}),
    "room in words": of_itself(devices={"cpu": {"slots": 2, "free": "some"}}),
    "no devices": of_itself(devices=5),
    "a list": answer(b"[]"),
    "seconds in words": of_itself(seconds="ten"),
    "no seconds": of_itself(seconds=-1),
    "nested": answer(b"[" * 50_000),
    "great numbers": answer(b'{"devices": {"cpu": {"slots": ' + b"9" * 20_000 + b"}}}"),
    "no HTTP": b"hello\r\n\r\n",
    "megabytes": answer(b" " * (8 << 20)),
    "megabytes in disguise": answer(
        gzip.compress(bytes(64 << 20)), "200 OK", "Content-Encoding: gzip"
    ),
    "an odd alphabet": answer(
        b"\xff\xfe\x00", "200 OK", "Content-Type: text/plain; charset=nonsense"
    ),
    "elsewhere": answer(b"", "302 Found", "Location: http://127.0.0.1:9/health"),
    "trouble without end": answer(json.dumps({"trouble": "x" * 50_000}).encode(), "503 Busy"),
}


@pytest.mark.parametrize("portrait", PORTRAITS, ids=str)
async def test_a_worker_that_makes_no_sense_of_itself_is_in_trouble_and_harms_nobody(
    portrait: str,
) -> None:
    async with lying(health=PORTRAITS[portrait]) as (liar, address), asyncio.timeout(DEADLINE):
        client = WorkerClient(address)
        async with felt() as pulse:
            await client.check_health()
        assert not client.has("cpu")
        assert 0 < len(client.trouble) < 1000
        assert pulse.grown_mb < MOST_MB
        liar.health = of_itself()
        await client.check_health()
        assert client.has("cpu")
        await client.close()


async def test_nobody_is_sent_elsewhere_by_a_worker() -> None:
    """Neither the code nor the token goes where a worker points to."""
    async with lying() as (other, where):
        away = answer(b"", "307 Temporary Redirect", f"Location: {where.where}/v1/runs")
        async with believing(lambda _: [away], patience=1.0) as (dispatcher, _):
            last = (await whole(dispatcher))[-1]
            assert isinstance(last, End)
            assert last.outcome is Outcome.LOST
        assert other.asked == []


async def test_a_refusal_of_megabytes_is_a_refusal() -> None:
    long = answer(json.dumps({"error": "x" * (4 << 20)}).encode(), "400 Bad Request")
    async with believing(lambda _: [long]) as (dispatcher, _), felt() as pulse:
        with pytest.raises(RequestError, match="The worker answered 400"):
            await whole(dispatcher)
    assert pulse.grown_mb < MOST_MB


SAYINGS = st.binary(max_size=200) | st.lists(
    st.sampled_from(
        [
            to_line(Start("mine", "cpu")),
            to_line(OutputText("x")),
            to_line(Heartbeat()),
            to_line(End(Outcome.DONE)),
        ]
    )
    | st.binary(max_size=30).map(lambda line: line + b"\n")
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=5
    ).map(
        lambda told: (
            json.dumps({"t": "end", "outcome": told, "values": told, "rc": told}).encode() + b"\n"
        )
    ),
    max_size=6,
).map(lambda lines: stream(*lines))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAYINGS)
def test_whatever_a_worker_says_the_run_has_one_end(said: bytes) -> None:
    async def play() -> list[RunUpdate]:
        async with believing(lambda _: [said], patience=0.5) as (dispatcher, _):
            return await whole(dispatcher)

    signs = asyncio.run(play())
    assert [isinstance(sign, End) for sign in signs].count(True) == 1
    assert isinstance(signs[-1], End)
