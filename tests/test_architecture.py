"""Facts about the shape of the code: floors, subjects, words, lines."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
MODULES = sorted(BOT.rglob("*.py"))
ADAPTERS = tuple(BOT / "chat" / name for name in ("discord", "slack", "web"))
LONGEST_FILE = 300
MOST_MODULES = 18

FLOORS = ("conversation", "phrases", "quizmaster", "model", "store")
ALL = frozenset(FLOORS)
SUBJECTS = {
    "boards": ALL,
    "daily": ALL,
    "digests": ALL,
    "feedback": ALL,
    "home": {"conversation", "phrases", "model"},
    "links": ALL,
    "packs": ALL,
    "people": {"conversation", "quizmaster", "model", "store"},
    "places": ALL,
    "profile": {"phrases", "model", "store"},
    "reminders": ALL,
    "rounds": ALL,
    "runs": ALL,
    "schedules": ALL,
    "streaks": ALL,
    "web_chat": {"model", "store"},
}
"""Where each subject has a room; elsewhere it needs none."""
OTHER_ROOMS = {
    "conversation": {"hear", "periodic", "request"},
    "phrases": {"formatting", "help", "say", "sentences", "untrusted_text"},
    "quizmaster": {"core", "quizmaster"},
    "model": set[str](),
    "store": {"batching", "instance_lock", "key_value", "linking", "sql"},
}
"""What belongs to no subject."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def rooms(floor: str) -> set[str]:
    return {path.stem for path in (BOT / floor).iterdir() if not path.name.startswith("__")}


def test_a_subject_has_the_same_name_on_every_floor() -> None:
    for floor in FLOORS:
        subjects = {name for name, floors in SUBJECTS.items() if floor in floors}
        assert rooms(floor) == subjects | OTHER_ROOMS[floor], floor


def test_no_subject_stands_on_one_floor_alone() -> None:
    assert {name for name, floors in SUBJECTS.items() if len(floors) == 1} == set()


def test_no_two_classes_share_a_name() -> None:
    """Outside the adapters, where each platform has its own cards and reactions."""
    found = defaultdict(set)
    for path in MODULES:
        if not any(adapter in path.parents for adapter in ADAPTERS):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ClassDef):
                    found[node.name].add(named(path))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_no_import_goes_round_in_a_circle() -> None:
    graph = grimp.build_graph("bot")
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    TopologicalSorter(imports).prepare()


def test_a_file_has_a_screen_or_three_or_says_why() -> None:
    """A longer one says why in its first line, in brackets that begin with `long:`."""
    long = {
        named(path): len(lines)
        for path in MODULES
        if len(lines := path.read_text("utf-8").splitlines()) > LONGEST_FILE
        and "(long: " not in lines[0]
    }
    assert long == {}


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    full: defaultdict[str, int] = defaultdict(int)
    for path in MODULES:
        full[named(path.parent)] += path.name != "__init__.py"
    assert {folder: n for folder, n in full.items() if n > MOST_MODULES} == {}


def assigned_together(module: ast.Module) -> Iterator[ast.Assign]:
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            parts = node.targets[0].elts
            if len(parts) == 1:
                continue
            attributes = all(isinstance(part, ast.Attribute) for part in parts)
            constants = all(isinstance(part, ast.Name) and part.id.isupper() for part in parts)
            if attributes or constants:
                yield node


def test_one_statement_assigns_one_attribute_or_constant() -> None:
    found = {
        f"{named(path)}:{node.lineno}" for path in MODULES for node in assigned_together(tree(path))
    }
    assert found == set()


SENTENCE = re.compile(r"^[A-Z“/`].*(\s\S+){2,}.*[.?!…]”?$", re.DOTALL)
TO_OPERATORS = {
    "chat/discord/doctor_check.py": "the doctor",
    "chat/discord/incoming/gateway.py": "whoever set the token",
    "chat/slack/doctor_check.py": "the doctor",
    "chat/slack/manifest.py": "the app's own page in Slack's directory",
    "chat/slack/incoming/socket_mode.py": "whoever set the token",
    "chat/slack/workspaces.py": "whoever set the token",
    "chat/web/platform.py": "whoever set the port",
}
"""Files outside phrases with sentences of their own, and to whom they speak."""
LOGGED = {"debug", "info", "warning", "error", "exception", "critical"}


def spoken(module: ast.Module) -> Iterator[str]:
    """Every text in a module but docstrings, log lines and what operators are told."""
    silent = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in LOGGED or (called.endswith("Error") and called != "UserError"):
                silent |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(module):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
            yield "".join(
                getattr(part, "value", "") if isinstance(part, ast.Constant) else "7"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_sentence_for_people_stands_in_phrases() -> None:
    """Question files are their authors' business: what is wrong with them is said in quiz/files."""
    found = {}
    for floor in ("chat", "conversation", "model", "quiz", "quizmaster", "store"):
        for path in (BOT / floor).rglob("*.py"):
            name = str(path.relative_to(BOT))
            if name.startswith("quiz/files/") or name in TO_OPERATORS:
                continue
            if sentences := [text for text in spoken(tree(path)) if SENTENCE.match(text.strip())]:
                found[name] = sentences
    assert found == {}


GLOSSARY = ROOT / "docs" / "words.md"


def test_each_word_of_the_glossary_is_a_class_a_table_or_a_module() -> None:
    words = re.findall(r"^\| \*\*([A-Za-z ]+)\*\*", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    assert words
    known = {name for path in MODULES for name in (path.stem, path.parent.name)}
    for path in MODULES:
        known |= {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)}
        known |= set(re.findall(r"^(\w+) = ", path.read_text("utf-8"), re.MULTILINE))
    known = {name.replace("_", "").lower() for name in known}
    assert {word for word in words if not _forms(word) & known} == set()


def _forms(word: str) -> set[str]:
    plain = word.replace(" ", "").lower()
    return {plain, f"{plain}s"}
