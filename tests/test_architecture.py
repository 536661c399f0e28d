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
MOST_MODULES = 15

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
    "people": ALL,
    "places": ALL,
    "practice": {"conversation", "quizmaster"},
    "profile": {"phrases", "model", "store"},
    "reminders": ALL,
    "rounds": ALL,
    "runs": ALL,
    "schedules": ALL,
    "streaks": ALL,
}
"""Where each subject has a room; elsewhere it needs none."""
OTHER_ROOMS = {
    "conversation": {"hear", "periodic", "request", "router"},
    "phrases": {"formatting", "help_cards", "say", "sentences", "untrusted_text"},
    "quizmaster": {"core"},
    "model": set[str](),
    "store": {"batching", "instance_lock", "key_value", "linking", "sql", "web_chat"},
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
    """Each adapter may have its own Timeouts; no name of theirs means something else elsewhere."""
    found = defaultdict(set)
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                found[node.name].add(path)
    shared = {
        name: sorted(map(named, paths))
        for name, paths in found.items()
        if len(paths) > 1 and not all(any(a in path.parents for a in ADAPTERS) for path in paths)
    }
    assert shared == {}


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
    full = defaultdict(int)
    for path in MODULES:
        full[named(path.parent)] += path.name != "__init__.py"
    assert {folder: n for folder, n in full.items() if n > MOST_MODULES} == {}


def assigned_together(module: ast.Module) -> Iterator[ast.Assign]:
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            parts = node.targets[0].elts
            attributes = all(isinstance(part, ast.Attribute) for part in parts)
            constants = all(isinstance(part, ast.Name) and part.id.isupper() for part in parts)
            if attributes or constants:
                yield node


def test_one_statement_assigns_one_attribute_or_constant() -> None:
    found = {f"{named(path)}:{node.lineno}" for path in MODULES for node in assigned_together(tree(path))}
    assert found == set()


GLOSSARY = ROOT / "docs" / "words.md"


def test_each_word_of_the_glossary_is_a_class_a_table_or_a_module() -> None:
    words = re.findall(r"^\| \*\*([A-Za-z ]+)\*\*", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    assert words
    known = {path.stem.replace("_", "") for path in MODULES}
    known |= {path.parent.name for path in MODULES}
    for path in MODULES:
        known |= {node.name.lower() for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)}
    for path in (BOT / "store" / "sql" / "tables").glob("*.py"):
        known |= set(re.findall(r'Table\(\s*"(\w+)"|table\(\s*"(\w+)"', path.read_text()) and [])
        known |= {name.replace("_", "") for name in re.findall(r"^(\w+) = ", path.read_text("utf-8"), re.MULTILINE)}
    forms = {word: word.replace(" ", "").lower() for word in words}
    assert {word for word, form in forms.items() if not {form, f"{form}s"} & known} == set()
