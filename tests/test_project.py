"""Facts about the project itself."""

import ast
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import ACTIONS, KIND, LEVEL, VERBS
from bot.quiz.questions import Kind, Level
from tests import example

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "bot").rglob("*.py"))
LONGEST = 500
BANNED = {
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "handler",
    "service",
    "data",
    "info",
    "processor",
}
LATE = (
    "torch",
    "matplotlib",
    "numpy",
    "alembic",
    "discord",
    "slack_bolt",
    "slack_sdk",
    "cryptography",
    "PIL",
)
"""What a bot with a current schema and no token never imports."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ours() -> list[Path]:
    """Every file of the project: what git knows, and what it would add."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_env_example_equals_the_settings() -> None:
    """Each field, its default and its description; `python -m tests.example` renews the file."""
    assert example.FILE.read_text(encoding="utf-8") == example.written()


def test_only_settings_reads_the_environment() -> None:
    """But for `running`, which hands a snippet's process the few names that Python itself needs."""
    readers = {
        named(path)
        for path in MODULES
        if re.search(r"\bos\.(environb?|getenvb?)\b", path.read_text("utf-8"))
    }
    assert readers <= {"bot/settings/environment.py", "bot/authors/running/code_runner.py"}


def test_the_verbs_offer_every_kind_and_level() -> None:
    assert KIND.choices == tuple(kind.value for kind in Kind)
    assert LEVEL.choices == tuple(level.value for level in Level)


def test_a_verb_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({verb.name for verb in VERBS}) == len(VERBS)
    assert all(
        verb.summary and all(argument.summary for argument in verb.arguments) for verb in VERBS
    )


NOT_ACTIONS = {
    "type": "the kind of a component, block, frame or event in JSON",
    "digest": "a part of the address of a picture",
    "link": "an element of Slack's rich text",
    "me": "Discord's field for one's own reactions",
    "run": "the kind of a frame that the page of the web chat sends",
    "settings": "a part of the manifest of a Slack app",
    "why": "a class of the page's style sheet",
}


def test_adapters_know_no_action() -> None:
    """What a button means is declared in `commands.py`.

    Whoever needs a name takes it from there.
    """
    found = {
        f"{named(path)}: {node.value}"
        for path in (ROOT / "bot" / "chat").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.partition(":")[0] in ACTIONS and node.value not in NOT_ACTIONS
    }
    assert found == set()


def names_in(path: Path) -> Iterator[str]:
    """What is named in a file, in words.

    A function may handle data, for a library or a folder can be called so.
    """
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield re.sub("data", "", node.name)


@pytest.mark.parametrize("folder", ["bot", "migrations", "tests"])
def test_a_name_is_a_noun_or_verb_of_a_study_group(folder: str) -> None:
    found = {
        f"{named(path)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in names_in(path)
        if BANNED & {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
    }
    assert found == set()


def test_a_package_exports_nothing_but_its_modules() -> None:
    """Who reads an import sees the file it comes from; `bot` itself has its version."""
    exported = {
        named(path): {type(node).__name__ for node in ast.parse(path.read_text("utf-8")).body}
        - {"Expr"}
        for path in MODULES
        if path.name == "__init__.py"
    }
    assert exported.pop("bot/__init__.py") == {"Assign"}
    assert {name for name, nodes in exported.items() if nodes} == set()


def test_a_module_begins_with_what_it_is_for() -> None:
    silent = {
        named(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    }
    assert silent == set()


def test_no_file_is_longer_than_its_subject() -> None:
    written = {".py", ".js", ".css", ".html", ".toml", ".md", ".sh", ""}
    long = {
        named(path): lines
        for path in ours()
        if path.suffix in written
        and path.parent.name != "versions"  # a migration is a list of tables
        and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_a_start_stays_within_its_import_budget() -> None:
    """What `python -m bot` loads before it is ready; the rest is imported when it is asked for."""
    program = (
        "import sys, bot.__main__, bot.app, bot.chat.web.platform, bot.store.sql.schema, "
        "bot.quiz.files.bank\n"
        f"print(*[name for name in {LATE} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout.split(), run.stderr) == ([], "")


PAGES = (ROOT / "README.md", ROOT / "docs" / "authors.md")
MARK = "<!-- runs -->"
BLOCK = re.compile(rf"{MARK}\n+```console\n(.*?)```", re.DOTALL)


def test_every_page_with_a_block_that_runs_is_tried() -> None:
    """And a mark stands above a block of commands, or it would promise what nobody tries."""
    texts = {path: path.read_text("utf-8") for path in ours() if path.suffix == ".md"}
    assert {path for path, text in texts.items() if MARK in text} == set(PAGES)
    assert all(len(BLOCK.findall(texts[path])) == texts[path].count(MARK) for path in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_commands_on_a_page_run(page: Path, tmp_path: Path) -> None:
    """Lines with a `$` are typed, in a folder like this one.

    What stands under one is what it prints.
    """
    (tmp_path / "bot").symlink_to(ROOT / "bot")
    shutil.copytree(ROOT / "questions", tmp_path / "questions")
    settings = {
        f"TORCHPROOF_{name}_DIR": str(tmp_path / name.lower()) for name in ("DATA", "QUESTIONS")
    }
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", **settings}
    blocks = BLOCK.findall(page.read_text("utf-8"))
    assert blocks
    for command, printed in re.findall(
        r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.MULTILINE
    ):
        typed = command.replace(".venv/bin/", "")
        run = subprocess.run(
            typed,
            shell=True,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
        )
        assert printed.strip() in run.stdout, command


def test_a_test_reaches_only_this_machine() -> None:
    with pytest.raises(RuntimeError, match=r"only this machine, not '192\.0\.2\.1'"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match="only this machine, not 'example\\.org'"):
        socket.getaddrinfo("example.org", 80)
