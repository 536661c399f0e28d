"""What every test may ask for: a database on each engine, and a clock set by hand.

What none may do is leave the machine.
"""

import asyncio
import ipaddress
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from bot.store.sql.database import Database
from bot.store.sql.schema import upgrade
from tests import postgres
from tests.fakes import discord_server, slack_server
from tests.fakes.discord.guild import Discord
from tests.fakes.slack.workspace import Slack

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgresql")

set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("here")


def pytest_configure() -> None:
    sys.addaudithook(_stay_here)


def _stay_here(event: str, args: tuple[Any, ...]) -> None:
    """Only this machine is reachable from a test."""
    if event in {"socket.connect", "socket.sendto"}:
        address = args[1]
    elif event == "socket.getaddrinfo":
        address = args[:1]
    else:
        return
    if isinstance(address, tuple) and not _is_here(address[0]):
        raise RuntimeError(f"tests reach only this machine, not {address[0]!r}")


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class Clock:
    """A clock set by hand. `now` can be handed to whatever asks for the time."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """One server for this test process, with a migrated database to copy."""
    with postgres.serving() as server:
        _migrate(server.create("migrated"))
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite+aiosqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    async def migrate() -> None:
        database = Database(url)
        await upgrade(database)
        await database.close()

    asyncio.run(migrate())


numbers = count(1)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each engine."""
    yield from _fresh(engine, request, tmp_path / "empty.db", None, "template0")


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database on each engine, for tests that start processes."""
    template = request.getfixturevalue("migrated_file") if engine == "sqlite" else None
    yield from _fresh(engine, request, tmp_path / "torchproof.db", template, "migrated")


def _fresh(
    engine: str, request: pytest.FixtureRequest, file: Path, copied: Path | None, template: str
) -> Iterator[str]:
    if engine == "sqlite":
        if copied:
            shutil.copyfile(copied, file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    name = f"test_{next(numbers)}"
    yield server.create(name, template)
    server.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def discord_address() -> Iterator[str]:
    """A simulator of Discord for this test process."""
    with discord_server.process() as address:
        yield address


@pytest.fixture
async def discord(discord_address: str) -> AsyncIterator[Discord]:
    """An empty Discord; what a bot sends it is judged at the end."""
    async with discord_server.visiting(discord_address) as discord:
        yield discord


@pytest.fixture(scope="session")
def slack_address() -> Iterator[str]:
    """A simulator of Slack for this test process."""
    with slack_server.process() as address:
        yield address


@pytest.fixture
async def slack(slack_address: str) -> AsyncIterator[Slack]:
    """An empty Slack; what a bot sends it is judged at the end."""
    async with slack_server.visiting(slack_address) as slack:
        yield slack
