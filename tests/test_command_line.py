"""`python -m bot` as people run it: real processes, their words and how they end."""

import re
import socket
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot import __version__
from bot.settings.settings import ROOT
from tests.quiz.folders import PLAIN, pack, put

LIMIT_S = 60


class Shell:
    """Runs the command line with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *line: str, **settings: str) -> CompletedProcess[str]:
        named = {
            "data_dir": str(self.folder / "data"),
            "database_url": f"sqlite+aiosqlite:///{self.folder / 'data' / 'quiz.db'}",
            "questions_dir": str(pack(self.folder / "questions", "gates", a=PLAIN)),
            "web_port": "0",
            **settings,
        }
        environment = {
            "PATH": "/usr/bin:/bin",
            **{f"TORCHPROOF_{name.upper()}": value for name, value in named.items()},
        }
        command = [sys.executable, "-W", "error", "-m", "bot", *line]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_help_explains_every_verb(shell: Shell) -> None:
    shown = shell.run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert {"serve", "migrate", "doctor", "check", "new", "import"} <= set(
        re.findall(r"^    (\w+) ", shown.stdout, re.MULTILINE)
    )
    assert ".env.example lists them all" in " ".join(shown.stdout.split())


def test_the_version_is_told(shell: Shell) -> None:
    shown = shell.run("--version")
    assert (shown.returncode, shown.stdout) == (0, f"Torchproof {__version__}\n")


def test_a_verb_that_does_not_exist_is_refused_with_those_that_do(shell: Shell) -> None:
    refused = shell.run("migrat")
    assert refused.returncode == 2
    assert "migrate" in refused.stderr


def test_migrate_and_doctor_go_hand_in_hand(shell: Shell) -> None:
    behind = shell.run("doctor")
    assert behind.returncode == 1
    assert "Run `python -m bot migrate`" in behind.stdout
    assert behind.stdout.endswith("1 to mend, see ✗ above.\n")
    lines = [shell.run("migrate").stdout for _ in range(2)]
    assert lines == ["The database was brought up to date.\n", "The database is up to date.\n"]
    healthy = shell.run("doctor")
    assert (healthy.returncode, healthy.stderr) == (0, "")
    assert healthy.stdout.endswith("All is well.\n")


@pytest.mark.parametrize("verb", ["serve", "migrate", "doctor"])
def test_a_bad_setting_ends_in_one_sentence_and_no_traceback(shell: Shell, verb: str) -> None:
    refused = shell.run(verb, zone="Mars/Olympus")
    assert refused.returncode == 1
    assert (
        refused.stderr.splitlines()[-1]
        == "  TORCHPROOF_ZONE: write a time zone such as Europe/Berlin or UTC"
    )
    assert "Traceback" not in refused.stderr


def test_serving_on_a_port_that_is_taken_ends_in_one_sentence(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        refused = shell.run(web_port=str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken by another program." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serving_a_folder_below_a_file_ends_in_one_sentence(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path / "file", "")
    refused = shell.run("serve", data_dir=str(tmp_path / "file" / "data"))
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "cannot be made" in refused.stderr


def test_serving_broken_questions_says_where_they_are_broken(shell: Shell, tmp_path: Path) -> None:
    broken = pack(tmp_path / "broken", "gates", a=PLAIN.replace("1:30", "soon"))
    refused = shell.run(questions_dir=str(broken))
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "gates/a.toml:5: time:" in refused.stderr


def test_a_file_that_is_no_database_ends_in_one_sentence(shell: Shell, tmp_path: Path) -> None:
    put(tmp_path / "data/quiz.db", "no database at all, " * 100)
    refused = shell.run("migrate")
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "is not a database" in refused.stderr
