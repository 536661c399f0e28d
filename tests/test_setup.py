"""`.ci/setup` ends with one sentence when something is missing, and heals what was left half done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fresh copy, as far as setting it up goes, that asks for no package."""
    shutil.copytree(ROOT / ".ci", tmp_path / "copy" / ".ci")
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / "copy" / name).touch()
    return tmp_path / "copy"


def setup(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "https://127.0.0.1:9/", "PIP_FIND_LINKS": ""}
    return subprocess.run(
        [folder / ".ci" / "setup", "run"],
        env={**os.environ, "PYTHON": sys.executable, **nowhere, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_is_done_once_and_heals_whatever_happens_to_it(folder: Path) -> None:
    assert "Making a Python environment" in setup(folder).stdout
    assert setup(folder).stdout == ""

    (folder / "requirements.txt").write_text("aiohttp==3.14.5\n")  # a new lock, and no network to fetch it
    run = setup(folder)
    assert run.returncode == 1
    assert run.stderr.strip() == (
        "Python packages could not be fetched, the package index does not answer: "
        "check the network (or pip's proxy settings) and run make again."
    )
    (folder / "requirements.txt").write_text("# nothing more\n")
    (folder / ".venv" / "installing").touch()  # what a killed installation leaves
    assert "Making a Python environment" in setup(folder).stdout
    assert (setup(folder).stdout, setup(folder).returncode) == ("", 0)


def test_a_wrong_python_is_told_in_one_sentence(folder: Path) -> None:
    run = setup(folder, PYTHON="false")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.strip().startswith("Torchproof needs Python 3.11, 3.12 or 3.13, and false is not one: install it")


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(folder: Path) -> None:
    (folder / ".cache").touch()  # even root cannot make a folder of it
    run = setup(folder)
    assert (run.returncode, run.stderr.strip()) == (
        1,
        f"This folder cannot be written ({folder}): copy it to a place of your own and run make there.",
    )
