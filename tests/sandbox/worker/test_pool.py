"""What dies or hangs is noticed, replaced and told; what is old is replaced before it matters."""

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from bot.sandbox.protocol import Outcome, OutputText, RunRequest
from bot.sandbox.worker.probe import ProbeResult
from tests.sandbox.client import Refused, collect
from tests.sandbox.workers import Served, serving, until

FOREVER = "print('on', flush=True)\nwhile True: pass"


@pytest.fixture(scope="module")
def small(walls: ProbeResult) -> Iterator[Served]:
    """A worker of its own with two slots, to be ill-treated."""
    del walls
    with serving(slots=2, groups=False) as worker:
        yield worker


def family(worker: Served) -> tuple[psutil.Process, list[psutil.Process]]:
    """The zygote, and the supervisors: those of its children that have a child themselves."""
    worker.settled()
    (outer,) = psutil.Process(worker.process.pid).children()
    (first,) = outer.children()
    zygote = max(first.children(), key=lambda each: len(each.children()))
    return zygote, zygote.children()


def is_replaced(worker: Served, zygote: psutil.Process) -> bool:
    return not zygote.is_running() and worker.is_full()


def zygotes(worker: Served) -> float:
    metrics = worker.client.ask("GET", "/metrics").text
    return float(
        next(
            line.split()[-1]
            for line in metrics.splitlines()
            if line.startswith("torchproof_zygotes_total{")
        )
    )


def works(worker: Served) -> bool:
    return worker.client.run("6 * 7").output == "42\n"


def test_a_dead_zygote_is_replaced(small: Served) -> None:
    zygote, _ = family(small)
    zygote.kill()
    until(lambda: is_replaced(small, zygote))
    assert works(small)


def test_a_run_whose_zygote_dies_is_told_that_it_is_lost(small: Served) -> None:
    zygote, _ = family(small)
    with small.client.streaming(RunRequest(FOREVER)) as events:
        seen = [next(events), next(events)]
        zygote.kill()
        seen += events
    result = collect(seen)
    assert result.outcome is Outcome.LOST
    assert "no fault of the code" in result.note
    assert works(small)


def test_a_dead_supervisor_is_replaced_before_anybody_meets_it(small: Served) -> None:
    _, supervisors = family(small)
    for supervisor in supervisors:
        supervisor.kill()
    until(lambda: not any(supervisor.is_running() for supervisor in supervisors))
    until(small.is_full)
    assert works(small)


def test_a_dead_child_is_replaced_before_anybody_meets_it(small: Served) -> None:
    _, supervisors = family(small)
    children = [child for supervisor in supervisors for child in supervisor.children()]
    for child in children:
        child.kill()
    until(lambda: not any(child.is_running() for child in children))
    until(small.is_full)
    assert works(small)


def test_a_run_whose_supervisor_dies_is_ended_and_told(small: Served) -> None:
    _, supervisors = family(small)
    with small.client.streaming(RunRequest(FOREVER)) as events:
        seen = [next(events), next(events)]
        busy = max(
            supervisors,
            key=lambda supervisor: sum(child.cpu_times().user for child in supervisor.children()),
        )
        (child,) = busy.children()
        busy.kill()
        seen += events
    assert collect(seen).outcome is Outcome.LOST
    until(lambda: not child.is_running())
    assert works(small)


def test_a_hung_supervisor_does_not_stop_the_clock(small: Served) -> None:
    _, supervisors = family(small)
    for supervisor in supervisors:
        supervisor.suspend()
    result = small.client.run("while True: pass", seconds=0.5)
    assert (result.outcome, result.note) == (Outcome.TIME, "out of time: 0.5 s for one run")


def test_a_hung_zygote_is_replaced(small: Served) -> None:
    """Found out by the next child that it does not make."""
    zygote, _ = family(small)
    zygote.send_signal(signal.SIGSTOP)
    assert works(small)
    assert works(small)
    until(lambda: is_replaced(small, zygote))
    assert works(small)


def test_a_zygote_is_replaced_after_its_runs_without_losing_one(walls: ProbeResult) -> None:
    del walls
    with serving(slots=1, runs=5, groups=False) as worker:
        for _ in range(12):
            assert works(worker)
        until(worker.is_full)
        assert zygotes(worker) >= 2


def test_a_zygote_is_replaced_when_it_is_old(walls: ProbeResult) -> None:
    del walls
    with serving(slots=1, seconds=3.0, groups=False) as worker:
        until(lambda: zygotes(worker) >= 2)
        assert works(worker)


def test_one_run_cannot_starve_the_making_of_others(small: Served) -> None:
    """All runs share one account, and so what the kernel lets an account have in pipes."""
    greedy = (
        "import fcntl, os, time\nheld = []\ntry:\n    while True:\n        held.append(os.pipe())\n"
        "        fcntl.fcntl(held[-1][1], 1031, 1 << 20)\nexcept OSError:\n"
        "    print('full', flush=True)\ntime.sleep(5)"
    )
    with small.client.streaming(RunRequest(greedy)) as events:
        until(lambda: isinstance(next(events), OutputText))
        for _ in range(3):
            assert works(small)
            assert small.client.run("x = 1\n" * 9000 + "x").output == "1\n"
    until(small.is_full)


def test_an_idle_worker_does_nothing(small: Served) -> None:
    """For five seconds the worker waits for a body that never comes.

    Nobody behind it wakes up once in that time.
    """
    zygote, supervisors = family(small)
    everybody = [
        zygote,
        *supervisors,
        *(child for supervisor in supervisors for child in supervisor.children()),
    ]
    before = [sum(each.num_ctx_switches()) for each in everybody]
    small.client.raw(b"POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert [sum(each.num_ctx_switches()) for each in everybody] == before


def test_a_zygote_that_dies_while_children_are_made_is_replaced(small: Served) -> None:
    """At every moment of it.

    Whoever makes children must not wait for a zygote that only they themselves can replace.
    """
    chance = random.Random(2)
    for _ in range(6):
        until(lambda: bool(psutil.Process(small.process.pid).children()))
        for outer in psutil.Process(small.process.pid).children():
            threading.Event().wait(chance.uniform(0, 0.1))
            with suppress(psutil.NoSuchProcess):
                outer.kill()
        until(lambda: bool(small.client.ask("GET", "/health").json["devices"]["cpu"]["waiting"]))
    until(small.is_full)
    assert works(small)


def test_random_deaths_and_stops_are_survived(walls: ProbeResult) -> None:
    """Zygotes, supervisors and children, while two people run code.

    Each answer is the right one or says what happened.
    """
    del walls
    chance, over = random.Random(1), threading.Event()
    wrong: list[object] = []

    def person() -> None:
        while not over.is_set():
            try:
                seen = worker.client.run("6 * 7", seconds=1.0)
            except Refused as refusal:
                if refusal.status != 503:
                    wrong.append(refusal)
                threading.Event().wait(0.05)
            else:
                if seen.output != "42\n" and not seen.note:
                    wrong.append(seen)

    with serving(slots=2, groups=False) as worker:
        people = [threading.Thread(target=person) for _ in range(2)]
        for each in people:
            each.start()
        for _ in range(25):
            threading.Event().wait(chance.uniform(0, 0.2))
            with suppress(psutil.NoSuchProcess, IndexError):
                number = chance.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
                chance.choice(worker.offspring()[2:]).send_signal(number)
        over.set()
        for each in people:
            each.join()
        until(worker.is_full)
        assert works(worker)
    assert wrong == []
