"""One bot for one SQLite."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.settings import ROOT
from bot.store.alone import alone

HOLDER = """
import pathlib, sys
from bot.store.alone import alone
with alone(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_what_to_do_until_the_first_dies(tmp_path: Path) -> None:
    """The kernel frees the folder of a process that was killed; nothing is left to clear away."""
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout
        assert first.stdout.readline() == "held\n"
        with (
            pytest.raises(UserError, match=f"running already with the data folder {tmp_path}.*TORCHPROOF_DATA_DIR"),
            alone(tmp_path),
        ):
            pass
        first.kill()
    for _ in range(2):
        with alone(tmp_path):
            pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(UserError, match="lock cannot be written"), alone(tmp_path):
        pass
