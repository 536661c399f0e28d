"""Runs a question's own code in a process of its own: one job comes in as JSON, one line of JSON goes out for each run.

It stands alone: it is started by its path, imports nothing of the bot, and tells what it observed, never a verdict.
"""

import ast
import base64
import contextlib
import io
import json
import os
import random
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

FIELD = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
LONGEST = 20_000
SNIPPET = "<snippet>"
FAR = 1e9
FAILED = "failed: "
TRUTHS = ("True", "False")
TURNS: tuple[Callable[[Any], Any], ...] = (
    lambda value: value * 0,
    lambda value: value + 1,
    lambda value: value * 0 + FAR,
    lambda value: value * 0 - FAR,
    lambda value: value[:0],
)
"""From a value to others of its kind."""


def main() -> None:
    job = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        for line in lines(job):
            answers.write(line)
            answers.flush()


def lines(job: dict[str, Any]) -> Iterator[str]:
    """One for each run; the last ones are left to chance, as in a Python that nobody prepared."""
    sown = len(job["runs"]) - job["by_chance"]
    for number, parameters in enumerate(job["runs"]):
        sow(job["code"], 0 if number < sown else int.from_bytes(os.urandom(4), "big"))
        yield json.dumps(run(job["code"], parameters, job["expressions"])) + "\n"


def run(code: str, parameters: dict[str, Any], expressions: list[str]) -> dict[str, Any]:
    """Everything that can be seen of one run. It finds no name that it did not make or import itself."""
    held: list[None] = []
    names: dict[str, Any] = {"__name__": "__main__", "__held__": lambda: held.append(None)}
    printed = io.StringIO()
    error = None
    try:
        tree = counted(ast.parse(put(code, parameters), SNIPPET))
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, SNIPPET, "exec"), names)  # noqa: S102 - running it is the job
    except BaseException as raised:  # noqa: BLE001 - whatever the code raises is an observation
        error = told(raised, put(code, parameters))
    names.update(printed=printed.getvalue().strip(), raised=error["seen"] if error else "")
    clashes = [
        name for name, value in parameters.items() if name in names and not same(names[name], value)
    ]
    values = [] if clashes else list(evaluated(expressions, {**names, **parameters}))
    for expression, value in zip(expressions, values, strict=False):
        value["leans"] = leans(expression, {**names, **parameters})
    return {
        "printed": printed.getvalue()[:LONGEST],
        "error": error,
        "held": len(held),
        "clashes": clashes,
        "values": values,
        "pictures": pictures(),
    }


def sow(code: str, seed: int) -> None:
    """The same chance for every run with this seed."""
    random.seed(seed)
    if "torch" in code:
        import torch  # noqa: PLC0415 - it takes seconds, and a snippet may do without it

        torch.manual_seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def put(text: str, parameters: dict[str, Any]) -> str:
    """A template with its parameters in place; a text without parameters stays as it is."""
    if not parameters:
        return text
    return FIELD.sub(lambda found: show(eval(found[1].strip(), {}, dict(parameters))), text)  # noqa: S307 - an author's expression


def counted(tree: ast.Module) -> ast.Module:
    """The code with a count of the assertions that held."""
    Counting().visit(tree)
    return ast.fix_missing_locations(tree)


class Counting(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        return [node, ast.copy_location(ast.parse("__held__()").body[0], node)]


def told(raised: BaseException, code: str) -> dict[str, Any]:
    """What was raised, at which line of the code, and for an assertion the values it looked at."""
    frames = [
        frame
        for frame in traceback.walk_tb(raised.__traceback__)
        if frame[0].f_code.co_filename == SNIPPET
    ]
    number = frames[-1][1] if frames else getattr(raised, "lineno", None) or 0
    rows = code.split("\n")
    row = rows[number - 1].strip() if 0 < number <= len(rows) else ""
    seen = f"{type(raised).__name__}: {raised}".rstrip(": ")[:500]
    if isinstance(raised, AssertionError) and frames:
        seen = ", ".join(
            [seen, *looked_at(row, {**frames[-1][0].f_globals, **frames[-1][0].f_locals})]
        )
    return {"seen": seen, "line": number, "row": row[:200]}


def looked_at(row: str, names: dict[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", row)):
        if name in names and not callable(names[name]):
            yield f"{name} = {show(names[name])[:80]}"


def leans(expression: str, names: dict[str, Any]) -> list[str]:
    """The names that an expression hangs on: with another value of theirs it comes to something else."""
    used = {
        node.id
        for node in ast.walk(ast.parse(expression, mode="eval"))
        if isinstance(node, ast.Name)
    }
    return sorted(name for name in used & names.keys() if turns(expression, names, name))


def turns(expression: str, names: dict[str, Any], name: str) -> bool:
    stands = outcome(expression, names)
    like = alike(names[name])
    found = [outcome(expression, {**names, name: other}, truth=stands in TRUTHS) for other in like]
    nothing = outcome(expression, {**names, name: None}, truth=stands in TRUTHS)
    # Almost anything fails on None, so that tells something only of what there is no like of.
    found += [] if like and nothing.startswith(FAILED) else [nothing]
    return any(each != stands for each in found)


def alike(value: Any) -> list[Any]:
    """Other values of the same kind."""
    if isinstance(value, bool):
        return [not value]
    found = []
    for turn in TURNS:
        with contextlib.suppress(Exception):
            found.append(turn(value))
    return found


def outcome(expression: str, names: dict[str, Any], *, truth: bool = False) -> str:
    """What an expression comes to, or that it fails; of a truth whether it holds."""
    try:
        value = eval(expression, dict(names))  # noqa: S307 - an author's expression
        return show(bool(value) if truth else value)
    except Exception as error:  # noqa: BLE001 - an observation, as above
        return FAILED + type(error).__name__


def evaluated(expressions: list[str], names: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for expression in expressions:
        try:
            yield {"shown": show(eval(expression, dict(names)))[:LONGEST]}  # noqa: S307 - an author's expression
        except Exception as error:  # noqa: BLE001 - an observation, as above
            yield {"error": f"{type(error).__name__}: {error}"[:300]}


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def show(value: Any) -> str:
    """A value as a question shows it: a shape as a tuple, a tensor by its numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and type(value).__name__ == "Size":
        return str(tuple(value))
    if type(value).__name__ == "Tensor":
        return str(value.tolist())
    return str(value)


def pictures() -> list[str]:
    """The figures left open, as PNG in base64."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    drawn = [
        base64.b64encode(png(pyplot.figure(number))).decode() for number in pyplot.get_fignums()
    ]
    pyplot.close("all")
    return drawn


def png(figure: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100, bbox_inches="tight", metadata={"Software": None})
    return file.getvalue()


if __name__ == "__main__":
    main()
