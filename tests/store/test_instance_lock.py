"""Bots that share a data folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.settings.settings import ROOT
from bot.store.instance_lock import instance_number

HOLDER = """
import pathlib, sys
from bot.store.instance_lock import instance_number
with instance_number(pathlib.Path(sys.argv[1])) as number:
    print(number, flush=True)
    sys.stdin.read()
"""


def test_each_has_a_number_and_the_dead_leave_theirs(tmp_path: Path) -> None:
    """The kernel frees the number of a process that was killed; nothing is left to clear away."""
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout
        assert first.stdout.readline() == "1\n"
        with instance_number(tmp_path) as second, instance_number(tmp_path) as third:
            assert (second, third) == (2, 3)
        first.kill()
    for _ in range(2):
        with instance_number(tmp_path) as number:
            assert number == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "bot-1.lock").mkdir()
    with (
        pytest.raises(OperatorError, match=r"bot-1\.lock cannot be written"),
        instance_number(tmp_path),
    ):
        pass
