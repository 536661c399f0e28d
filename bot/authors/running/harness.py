"""Runs code and reports what it observed, never a verdict."""
# It runs in a process of its own and imports nothing of the bot.

import ast
import base64
import contextlib
import io
import json
import random
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

Names = dict[str, Any]
PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
LONGEST = 20_000
SNIPPET = "<snippet>"
FAILED = "failed: "
ALTERATIONS: tuple[Callable[[Any], Any], ...] = (
    lambda value: value * 0,
    lambda value: value + 1,
    lambda value: value * 0 + 1e9,
    lambda value: value * 0 - 1e9,
    lambda value: value[:0],
)


def answer_lines(job: dict[str, Any]) -> Iterator[str]:
    code = job["code"]
    seeded = len(job["parameter_sets"]) - job["unseeded"]
    for number, parameters in enumerate(job["parameter_sets"]):
        seed = 0 if number < seeded else random.SystemRandom().getrandbits(32)
        seed_generators(code, seed)
        yield json.dumps(observe(code, parameters, job["expressions"])) + "\n"


def seed_generators(code: str, seed: int) -> None:
    random.seed(seed)
    if "torch" in code:
        import torch  # noqa: PLC0415 (takes seconds, and not every snippet needs it)

        torch.manual_seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def observe(code: str, parameters: Names, expressions: list[str]) -> dict[str, Any]:
    assertions: list[None] = []
    names: Names = {
        "__name__": "__main__",
        "__held__": lambda: assertions.append(None),
    }
    printed = io.StringIO()
    error = None
    try:
        code = fill_template(code, parameters)
        tree = AssertionCounter().visit(ast.parse(code, SNIPPET))
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.fix_missing_locations(tree), SNIPPET, "exec"), names)
    except BaseException as raised:  # noqa: BLE001 (whatever the code raises is an observation)
        error = describe_error(raised, code)
    names["printed"] = printed.getvalue().strip()
    names["raised"] = error["message"] if error else ""
    overwritten = [
        name for name, value in parameters.items() if not same(names.get(name, value), value)
    ]
    known = {**names, **parameters}
    return {
        "printed": printed.getvalue()[:LONGEST],
        "error": error,
        "assertions": len(assertions),
        "overwritten": overwritten,
        "values": [] if overwritten else [evaluate(text, known) for text in expressions],
        "figures": open_figures(),
    }


def fill_template(text: str, parameters: Names) -> str:
    if not parameters:
        return text
    return PLACEHOLDER.sub(lambda field: show(eval(field[1].strip(), {}, dict(parameters))), text)


class AssertionCounter(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        return [node, ast.copy_location(ast.parse("__held__()").body[0], node)]


def describe_error(raised: BaseException, code: str) -> dict[str, Any]:
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(raised.__traceback__)
        if frame.f_code.co_filename == SNIPPET
    ]
    number = frames[-1][1] if frames else getattr(raised, "lineno", None) or 0
    lines = code.split("\n")
    source = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    message = f"{type(raised).__name__}: {raised}".rstrip(": ")[:500]
    if isinstance(raised, AssertionError) and frames:
        frame = frames[-1][0]
        values = values_in(source, {**frame.f_globals, **frame.f_locals})
        message = ", ".join([message, *values])
    return {"message": message, "line": number, "source": source[:200]}


def values_in(source: str, names: Names) -> Iterator[str]:
    for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", source)):
        if name in names and not callable(names[name]):
            yield f"{name} = {show(names[name])[:80]}"


def evaluate(expression: str, names: Names) -> dict[str, Any]:
    value: dict[str, Any] = {"depends_on": dependencies(expression, names)}
    try:
        value["shown"] = show(eval(expression, dict(names)))[:LONGEST]
    except Exception as error:  # noqa: BLE001 (an observation, as above)
        value["error"] = f"{type(error).__name__}: {error}"[:300]
    return value


def dependencies(expression: str, names: Names) -> list[str]:
    nodes = ast.walk(ast.parse(expression, mode="eval"))
    used = {node.id for node in nodes if isinstance(node, ast.Name)} & names.keys()
    return sorted(name for name in used if changes_with(expression, names, name))


def changes_with(expression: str, names: Names, name: str) -> bool:
    actual = outcome(expression, names)
    is_truth = actual in {"True", "False"}

    def outcome_with(value: Any) -> str:
        return outcome(expression, {**names, name: value}, is_truth=is_truth)

    others = other_values(names[name])
    if any(outcome_with(value) != actual for value in others):
        return True
    without = outcome_with(None)
    # Almost anything fails on None: that says something only of a value without alternatives.
    return without != actual and not (others and without.startswith(FAILED))


def other_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    found = []
    for alter in ALTERATIONS:
        with contextlib.suppress(Exception):
            found.append(alter(value))
    return found


def outcome(expression: str, names: Names, *, is_truth: bool = False) -> str:
    try:
        value = eval(expression, dict(names))
        return show(bool(value) if is_truth else value)
    except Exception as error:  # noqa: BLE001 (an observation, as above)
        return FAILED + type(error).__name__


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def show(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and type(value).__name__ == "Size":
        return str(tuple(value))
    if type(value).__name__ == "Tensor":
        return str(value.tolist())
    return str(value)


def open_figures() -> list[str]:
    # As PNG in base64.
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = []
    for number in pyplot.get_fignums():
        file = io.BytesIO()
        pyplot.figure(number).savefig(
            file, format="png", dpi=100, bbox_inches="tight", metadata={"Software": None}
        )
        figures.append(base64.b64encode(file.getvalue()).decode())
    pyplot.close("all")
    return figures
