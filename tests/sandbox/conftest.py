"""A worker for the tests of each session, with control groups and without; left out where no walls can be built."""

import asyncio
from collections.abc import Iterator
from functools import cache

import pytest

from bot.sandbox.probe import Found, probe
from tests.sandbox.client import Client
from tests.sandbox.workers import Served, serving


@cache
def found() -> Found:
    return asyncio.run(probe())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `gpu` are left out where there is none, with one line that says so."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if marked and not found().gpus:
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="there is no NVIDIA GPU here"))


@pytest.fixture(scope="session")
def walls() -> Found:
    assert found().works, found().remedy
    return found()


@pytest.fixture(scope="session", params=["watched", "grouped"])
def served(request: pytest.FixtureRequest, walls: Found) -> Iterator[Served]:
    """A worker with four slots: memory watched by keepers, or held by control groups where they can be written."""
    grouped = request.param == "grouped"
    if grouped and "control groups," not in walls.memory:
        pytest.skip("control groups cannot be written here")
    with serving(groups=grouped) as worker:
        yield worker


@pytest.fixture
def client(served: Served) -> Client:
    return served.client
