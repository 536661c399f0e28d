"""The doctor finds what is wrong and says how to mend it."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.doctor import Finding, examine
from bot.settings.settings import Settings
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.quiz.folders import PLAIN, pack, put
from tests.sandbox.fake_worker import serve_fake_worker
from tests.stories.questions import bank
from tests.stories.web import on_the_web


@pytest.fixture
def healthy(tmp_path: Path, migrated_file: Path) -> dict[str, Any]:
    """Settings of a bot with nothing wrong."""
    return {
        "data_dir": tmp_path / "data",
        "database_url": f"sqlite+aiosqlite:///{migrated_file}",
        "questions_dir": pack(tmp_path / "questions", "gates", a=PLAIN, b=PLAIN),
        "web_port": 0,
        "run": "off",
    }


async def found(settings: dict[str, Any], what: str) -> Finding:
    """The finding on one thing; everything else is well."""
    findings = {finding.subject: finding for finding in await examine(Settings(**settings))}
    assert [name for name, each in findings.items() if not each.is_well] in ([], [what])
    return findings[what]


async def test_where_nothing_is_wrong_it_says_what_it_saw(healthy: dict[str, Any]) -> None:
    findings = await examine(Settings(**healthy))
    assert all(finding.is_well for finding in findings)
    assert [str(finding) for finding in findings] == [
        f"✓ data folder: {healthy['data_dir']} can be written",
        f"✓ database: {healthy['database_url']} is up to date",
        "✓ questions: 2 questions in 1 packs",
        "✓ web chat: 127.0.0.1:0 is free",
        "✓ running code: switched off (TORCHPROOF_RUN)",
    ]


async def test_it_says_how_runs_are_confined_here_or_what_to_install(
    healthy: dict[str, Any],
) -> None:
    finding = await found(healthy | {"run": "on"}, "running code")
    assert re.search("memory held by|nstall|namespaces|need", finding.text)


async def test_where_there_are_no_walls_it_says_what_to_install(
    healthy: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = await found(healthy | {"run": "on"}, "running code")
    assert not finding.is_well
    assert finding.text == "`run` is off. Install bubblewrap (sudo apt-get install bubblewrap)."


async def test_limits_that_cannot_be_read_are_found(
    healthy: dict[str, Any], tmp_path: Path
) -> None:
    finding = await found(
        healthy | {"run": "on", "worker_limits": put(tmp_path / "l.toml", "seconds =")},
        "running code",
    )
    assert not finding.is_well
    assert "l.toml" in finding.text


async def test_a_worker_that_does_not_answer_is_found(
    healthy: dict[str, Any], tmp_path: Path
) -> None:
    finding = await found(
        healthy | {"run": "on", "workers": str(tmp_path / "nobody.sock")}, "running code"
    )
    assert not finding.is_well
    assert "nobody.sock: It does not answer" in finding.text


async def test_workers_that_answer_are_listed_with_their_slots(
    healthy: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "w.sock"
    async with serve_fake_worker(path, slots=3):
        finding = await found(healthy | {"run": "on", "workers": str(path)}, "running code")
    assert finding.text == f"{path} has 3 cpu"


async def test_runs_without_walls_are_not_well(healthy: dict[str, Any]) -> None:
    assert not (await found(healthy | {"run": "on", "worker_unsafe": "on"}, "running code")).is_well


async def test_a_data_folder_below_a_file_is_found(healthy: dict[str, Any], tmp_path: Path) -> None:
    below = put(tmp_path / "file", "") / "data"
    finding = await found(healthy | {"data_dir": below}, "data folder")
    assert not finding.is_well
    assert str(finding).startswith(f"✗ data folder: The data folder {below} cannot be made")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
async def test_a_secret_that_others_can_read_is_found(healthy: dict[str, Any], mode: int) -> None:
    secret = put(healthy["data_dir"] / "secret", "x" * 32)
    secret.chmod(mode)
    assert f"Run: chmod 600 {secret}" in (await found(healthy, "data folder")).text
    secret.chmod(0o600)
    assert (await found(healthy, "data folder")).is_well


async def test_a_database_that_is_behind_is_found(healthy: dict[str, Any], tmp_path: Path) -> None:
    empty = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    finding = await found(healthy | {"database_url": empty}, "database")
    assert finding.text == (
        f"{empty} is not up to date. Run `python -m bot migrate`; starting the bot does it too."
    )


async def test_a_database_that_does_not_answer_is_found_and_its_password_is_not_told(
    healthy: dict[str, Any],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    nowhere = f"postgresql+psycopg://bot:hunter2@127.0.0.1:{port}/db"
    finding = await found(healthy | {"database_url": nowhere}, "database")
    assert "does not answer" in finding.text
    assert "hunter2" not in finding.text


async def test_a_broken_question_is_found_with_its_file(healthy: dict[str, Any]) -> None:
    put(healthy["questions_dir"] / "gates/b.toml", PLAIN.replace("conceptual", "conceptul"))
    finding = await found(healthy, "questions")
    assert not finding.is_well
    assert "gates/b.toml:3" in finding.text


async def test_the_second_folder_of_questions_is_looked_at_as_well(
    healthy: dict[str, Any], tmp_path: Path
) -> None:
    second = pack(tmp_path / "second", "cells", a=PLAIN)
    both = healthy | {"more_questions_dir": second}
    assert (await found(both, "questions")).text == "3 questions in 2 packs"
    put(second / "cells/a.toml", PLAIN.replace("conceptual", "conceptul"))
    assert "cells/a.toml:3" in (await found(both, "questions")).text
    pack(second, "gates", a=PLAIN)
    put(second / "cells/a.toml", PLAIN)
    assert (
        "gates/pack.toml: There is a pack of this name already."
        in (await found(both, "questions")).text
    )
    assert not (
        await found(healthy | {"more_questions_dir": tmp_path / "nowhere"}, "questions")
    ).is_well


async def test_a_folder_without_questions_is_found(healthy: dict[str, Any], tmp_path: Path) -> None:
    assert not (await found(healthy | {"questions_dir": tmp_path / "nowhere"}, "questions")).is_well


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_a_port_that_is_taken_is_found(healthy: dict[str, Any], taken: int) -> None:
    finding = await found(healthy | {"web_port": taken}, "web chat")
    assert finding.text == f"another program has taken 127.0.0.1:{taken}. Set TORCHPROOF_WEB_PORT."


async def test_a_bot_that_is_running_is_no_trouble(
    healthy: dict[str, Any], database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with on_the_web(database, bank(tmp_path / "bank"), clock) as stage:
        port = urlsplit(stage.platform.address).port
        finding = await found(healthy | {"web_port": port}, "web chat")
    assert finding.is_well
    assert (
        finding.text
        == f"a Torchproof is running on 127.0.0.1:{port}; for a second one, set TORCHPROOF_WEB_PORT"
    )


async def test_an_address_of_another_machine_is_found(healthy: dict[str, Any]) -> None:
    finding = await found(healthy | {"web_host": "192.0.2.1", "web_password": "x"}, "web chat")
    assert finding.text.startswith("192.0.2.1:0 cannot be used (")


async def test_an_address_with_colons_stands_in_brackets(healthy: dict[str, Any]) -> None:
    finding = await found(healthy | {"web_host": "2001:db8::1", "web_password": "x"}, "web chat")
    assert finding.text.startswith("[2001:db8::1]:0 cannot be used (")
