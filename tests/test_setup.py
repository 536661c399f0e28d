"""`.ci/setup` ends with one sentence when something is missing.

It heals what was left half done.
"""

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
    for name in ("requirements.txt", "requirements-test.txt", "pyproject.toml"):
        (tmp_path / "copy" / name).touch()
    return tmp_path / "copy"


def setup(
    folder: Path, purpose: str = "run", **environment: str
) -> subprocess.CompletedProcess[str]:
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://127.0.0.1:9/",
        "PIP_FIND_LINKS": "",
    }
    return subprocess.run(
        [folder / ".ci" / "setup", purpose],
        env={**os.environ, "PYTHON": sys.executable, **nowhere, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_is_done_once_and_heals_whatever_happens_to_it(folder: Path) -> None:
    assert "Making a Python environment" in setup(folder).stdout
    assert setup(folder).stdout == ""

    (folder / "requirements.txt").write_text(
        "aiohttp==3.14.5\n"
    )  # a new lock, and no network to fetch it
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


def test_the_python_that_is_asked_for_is_the_one_that_is_used(folder: Path) -> None:
    """Also where an environment stands that another one made.

    Who names none keeps what is there.
    """
    assert "Making a Python environment" in setup(folder).stdout
    assert "and false is not one" in setup(folder, PYTHON="false").stderr
    assert (setup(folder, PYTHON="").stdout, setup(folder).stdout) == ("", "")
    elder = folder / "elder"
    elder.write_text(
        '#!/bin/sh\ncase "$*" in *version_info*) echo "(3, 12)"; exit;; esac\n'
        f'exec {sys.executable} "$@"\n'
    )
    elder.chmod(0o755)
    assert "Making a Python environment" in setup(folder, PYTHON=str(elder)).stdout


def test_a_wrong_python_is_told_in_one_sentence(folder: Path) -> None:
    run = setup(folder, PYTHON="false")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.strip().startswith(
        "Torchproof needs Python 3.11, 3.12 or 3.13, and false is not one: install it"
    )


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(folder: Path) -> None:
    (folder / ".cache").touch()  # even root cannot make a folder of it
    run = setup(folder)
    assert (run.returncode, run.stderr.strip()) == (
        1,
        (
            f"This folder cannot be written ({folder}): copy it to a place of your own and "
            "run make there."
        ),
    )


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_without_node_the_checks_by_javascript_are_left_out_in_one_sentence(
    folder: Path, tmp_path: Path
) -> None:
    """Nothing else is; and where npm fetches it, it is fetched once."""
    shutil.copytree(
        ROOT / "tests" / "js",
        folder / "tests" / "js",
        ignore=shutil.ignore_patterns("node_modules"),
    )
    for name in ("node", "apt-get", "sudo"):
        program(tmp_path / "bin" / name, "exit 1")
    for name in ("npm", "chromium"):
        program(tmp_path / "bin" / name, "echo 'npm error code ECONNREFUSED'; exit 1")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"

    run = setup(folder, "test", PATH=path)
    assert (run.returncode, run.stderr) == (0, "")
    left_out = "The checks by others' clients and servers are left out: "
    assert (
        f"{left_out}they need Node 20 or newer with npm (https://nodejs.org)."
        in run.stdout.splitlines()
    )

    program(tmp_path / "bin" / "node", "exit 0")
    assert (
        f"{left_out}npm could not fetch it: npm error code ECONNREFUSED"
        in setup(folder, "test", PATH=path).stdout
    )

    program(tmp_path / "bin" / "npm", "mkdir -p tests/js/node_modules")
    assert left_out not in setup(folder, "test", PATH=path).stdout
    assert setup(folder, "test", PATH=path).stdout == ""
