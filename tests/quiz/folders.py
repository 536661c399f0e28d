"""Folders of questions for tests: one good pack, and whatever a test puts over it."""

from pathlib import Path

from bot.quiz.questions import Choices, Question

PNG = b"\x89PNG\r\n\x1a\n and the rest"

PACK = """
title = "Gates"
summary = "What a gate lets through."
badge = "Gate Keeper"
icon = "🚪"
minutes = 4
order = [{order}]
"""

PLAIN = """
title = "What a gate does"
kind = "conceptual"
level = "intermediate"
time = "1:30"
prompt = "What does a gate of `1` do?"
hints = ["Think of a product."]
explanation = "It lets everything through."
concept = "A gate multiplies."
proof = '''
gate = int("1")
print("gate", gate)
assert gate * 7 == 7
'''

[[options]]
text = "It lets all of it through"
right = true
holds = "gate * 7 == 7"

[[options]]
text = "It stops all of it"
why_not = "That is a gate of zero."
holds = "gate * 7 == 0"
"""

TEMPLATE = """
title = "A product"
kind = "predict-output"
level = "beginner"
time = "2:00"
prompt = "With {{batch}} rows of {{length}}, what is printed?"
code = '''
rows = {{batch}}
print(rows * {{length}})
'''
explanation = "{{batch}} times {{length}} is {{rows * length}}."
concept = "Count them."
proof = '''
product = {{batch}} * {{length}}
print("product", product)
assert product == {{batch}} * {{length}}
'''

[[options]]
value = "printed"
right = true

[[options]]
value = "batch + length"
misconception = "added"
why_not = "That is the sum, {{batch + length}}."

[vary]
batch = [4, 3, 5, 7, 9]
length = "10..19"
"""


def pack(root: Path, name: str = "gates", **questions: str | bytes) -> Path:
    """A pack with these questions by name, in their order; the root comes back."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    order = ", ".join(f'"{stem}"' for stem in questions)
    (folder / "pack.toml").write_text(PACK.format(order=order), encoding="utf-8")
    for stem, text in questions.items():
        put(folder / f"{stem}.toml", text)
    return root


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def plain(**changes: str) -> str:
    """The plain question with top-level lines replaced, added, or taken out by an empty text."""
    return changed(PLAIN, **changes)


def changed(text: str, **changes: str) -> str:
    for key, value in changes.items():
        rows = text.split("\n")
        top = (
            rows.index("[[options]]")
            if "[[options]]" in rows and key not in {"length", "batch"}
            else len(rows)
        )
        found = next(
            (place for place, row in enumerate(rows[:top]) if row.startswith(f"{key} =")), None
        )
        fresh = [f"{key} = {value}"] if value else []
        if found is None:
            rows[1:1] = fresh
        else:
            rows[found : found + 1] = fresh
        text = "\n".join(rows)
    return text


def keyed(key: str, **changes: str) -> str:
    """The plain question with another key in place of its options."""
    head, _, _ = PLAIN.partition("[[options]]")
    return changed(head.replace("proof = '''", f"{key}\nproof = '''"), **changes)


def is_truth(question: Question) -> bool:
    """Whether it is a true/false question."""
    key = question.key
    return isinstance(key, Choices) and [option.text for option in key.options] == ["True", "False"]
