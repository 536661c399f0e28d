"""A worker for the tests of each session, with control groups and without.

They are left out where no walls can be built.
"""

import asyncio
from collections.abc import Iterator
from functools import cache

import pytest

from bot.sandbox.worker.probe import ProbeResult, probe
from tests.sandbox.client import Client
from tests.sandbox.workers import Served, serving


@cache
def found() -> ProbeResult:
    return asyncio.run(probe())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `gpu` are left out where there is none, with one line that says so."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if marked and not found().gpus:
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="there is no NVIDIA GPU here"))


@pytest.fixture(scope="session")
def walls() -> ProbeResult:
    assert found().works, found().remedy
    return found()


@pytest.fixture(scope="session")
def watched(walls: ProbeResult) -> Iterator[Served]:
    """A worker with four slots, whose supervisors measure memory."""
    del walls
    with serving(groups=False) as worker:
        yield worker


@pytest.fixture(scope="session")
def grouped(walls: ProbeResult) -> Iterator[Served]:
    """A worker whose runs are held by control groups."""
    if "control groups," not in walls.memory:
        pytest.skip("control groups cannot be written here")
    with serving() as worker:
        yield worker


@pytest.fixture(params=["watched", "grouped"])
def either(request: pytest.FixtureRequest) -> Served:
    """What has to hold, however memory is limited."""
    served: Served = request.getfixturevalue(request.param)
    return served


@pytest.fixture
def client(watched: Served) -> Client:
    return watched.client
