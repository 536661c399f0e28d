"""Starts a question: a file that already works, with a comment at each line to change."""

import re
import tomllib
from pathlib import Path

from bot.authors.toml_writer import toml
from bot.errors import OperatorError
from bot.quiz.files.drafts import LONGEST_NAME, PACK_FILE
from bot.quiz.files.schema import LONGEST_PACK, NAME

SKELETON = """#:schema ../schema.json
title = "What softmax adds up to"    # what people see above the question
kind = "conceptual"                  # conceptual, predict-output, model-choice, hyperparameter, metrics, debug
level = "beginner"                   # beginner, intermediate, advanced, expert
time = "1:30"                        # minutes and seconds to think
# tries = 2                          # two unless you say otherwise; a true/false question always has one
prompt = "You put any list of numbers through `softmax`. What do the results add up to?"
# code = '''                         # a snippet shown with the question; it is run by every check
# import torch
# '''
# raises = "RuntimeError"            # if the snippet stops with an error on purpose
# figure = { file = "figures/softmax.png", alt = "What the picture shows, for those who cannot see it." }
hints = ["What would you want of a list of probabilities?"]
explanation = "Each result is divided by the sum of all of them, so together they make 1."
concept = "Softmax turns scores into shares of a whole."

# An experiment that shows why the key is right and why the strongest wrong option is wrong.
# It prints what a person should see, may leave one matplotlib figure open, and ends in assertions.
proof = '''
import torch

torch.manual_seed(0)
scores = torch.randn(6)
shares = torch.softmax(scores, dim=0)
total = shares.sum().item()
print(f"scores add up to {scores.sum().item():.2f}, shares to {total:.2f}")
assert abs(total - 1) < 1e-5
assert abs(scores.sum().item() - 1) > 0.1
'''

# Two to six options. Tables come last: whatever stands below [[options]] belongs to that option.
# `holds` ties an option to the proof: an expression over the proof's names, True for right options, False for wrong.
[[options]]
text = "To one, whatever the numbers were"
right = true
holds = "abs(total - 1) < 1e-5"

[[options]]
text = "To what the numbers themselves add up to"
why_not = "Dividing by the sum removes their size; only their differences matter."
holds = "abs(total - scores.sum().item()) < 0.1"

# Instead of options, above any table, one of:
# truth = true                       # with why_not = "…" for those who chose the other
# number = { value = 3.5, within = 0.01 }
# phrases = ["update gate", "z gate"]
# and holds = "…": the proof's own value for the key.
"""


def start(root: Path, wanted: str) -> tuple[str, ...]:
    """Write a question to begin with, and its pack if it is new; returns what was done."""
    pack, _, name = wanted.removesuffix(".toml").partition("/")
    if not all(re.fullmatch(NAME, part) and len(part) <= LONGEST_NAME for part in (pack, name)):
        raise OperatorError(
            f"{wanted[:80]} is no PACK/NAME: "
            "use small letters, digits and hyphens, such as gru/reset-gate."
        )
    path = root / pack / f"{name}.toml"
    if path.name == PACK_FILE:
        raise OperatorError(
            "A question cannot be called pack: pack.toml is the pack's own file. "
            "Choose another name."
        )
    if path.exists():
        raise OperatorError(
            f"{path} is there already; nothing was changed. Choose another name, or edit that file."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKELETON, encoding="utf-8")
    return (
        f"Wrote {path}.",
        *add_to_order(root / pack, [name]),
        f"Next: python -m bot check --write {path}",
    )


def add_to_order(folder: Path, names: list[str]) -> tuple[str, ...]:
    """Add questions to their pack, which is made if it is new; returns what was done."""
    path = folder / PACK_FILE
    if not path.exists():
        path.write_text(_pack_file(folder.name, names), encoding="utf-8")
        return (f"Wrote {path}: give it a title, a summary, a badge and an icon of its own.",)
    listing = ", ".join(names)
    text = _with_longer_order(path.read_text(encoding="utf-8"), names)
    if text is None:
        return (f"Add to `order` in {path}: {listing}.",)
    path.write_text(text, encoding="utf-8")
    return (f"Added {listing} to the order in {path}.",)


def _with_longer_order(text: str, names: list[str]) -> str | None:
    """The pack file with names added to its order; None where more than that would change."""
    found = re.search(r"^order\s*=\s*\[[^\]#]*?(,?\s*)\]", text, re.MULTILINE)
    if found is None:
        return None
    added = ", ".join(f'"{name}"' for name in names)
    longer = f"{text[: found.start(1)]}, {added}{text[found.end(1) :]}"
    try:
        before = tomllib.loads(text)
        after = tomllib.loads(longer)
    except tomllib.TOMLDecodeError:
        return None
    return longer if after == {**before, "order": [*before["order"], *names]} else None


def _pack_file(name: str, questions: list[str]) -> str:
    title = name.replace("-", " ").capitalize()
    values = {
        "title": title,
        "summary": "What these questions are about, in a sentence.",
        "badge": f"{title} badge",
        "icon": "📘",
        "minutes": min(2 * len(questions), LONGEST_PACK),
        "order": questions,
    }
    return "#:schema ../pack.schema.json\n" + toml(values)
