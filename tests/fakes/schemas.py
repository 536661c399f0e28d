"""Judging values by the services' official JSON schemas.

They lie in a folder named by OFFICIAL_SCHEMAS and are not part of this project. What a service is
known to take or send besides stands in an `allowed.toml` beside its judge.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOLDER = "OFFICIAL_SCHEMAS"
UNKNOWN = re.compile(r"Additional properties are not allowed \((.*) (?:was|were) unexpected\)")
MAX_COMPLAINT = 160
"""Characters; complaints quote whole values."""


def schemas() -> Path | None:
    """The folder with the official documents, when somebody named one."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else None


class Judge:
    """Judges by the schemas of one service."""

    def __init__(self, module: str) -> None:
        """`module`: the file of the judge, beside which `allowed.toml` lies."""
        path = Path(module).with_name("allowed.toml")
        self.allowed: list[Json] = tomllib.loads(path.read_text("utf-8"))["allowed"]

    def not_allowed(self, operation: str, complaints: Iterable[str]) -> list[str]:
        return [text for text in complaints if not self._is_allowed(operation, text)]

    def _is_allowed(self, operation: str, complaint: str) -> bool:
        return any(
            re.search(entry["where"], operation) and re.search(entry["says"], complaint)
            for entry in self.allowed
        )


def complaints(validator: Any, value: Any) -> Iterator[str]:
    """What is wrong with a value, and where in it."""
    for error in validator.iter_errors(value):
        path = "/".join(str(step) for step in error.instance_path)
        strange = UNKNOWN.fullmatch(error.message)
        for complaint in (
            [f"unknown key {key}" for key in strange[1].split(", ")] if strange else [error.message]
        ):
            yield f"/{path}: {complaint[-MAX_COMPLAINT:]}"


def reached(schema: Any, named: Json) -> set[str]:
    """The names of all that a schema refers to, near and far."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            name = ref_name(node)
            if name in named and name not in found:
                found.add(name)
                waiting.append(named[name])
        waiting += (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        )
    return found


def plain_unions(node: Any, named: Json) -> Any:
    """Unions told apart by their `type` become if/then, so that a complaint names the place."""
    if isinstance(node, list):
        return [plain_unions(one, named) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {key: plain_unions(value, named) for key, value in node.items()}
    for key in ("oneOf", "anyOf"):
        if key in node and (instead := told_apart(node[key], named)):
            del plain[key]
            plain |= instead
    return plain


def told_apart(members: list[Json], named: Json) -> Json | None:
    rest = [one for one in members if one != {"type": "null"}]
    if len(rest) == 1 and len(members) == 2:
        return {"if": {"type": "null"}, "else": rest[0]}
    pins = [pinned(one, named) for one in rest]
    every = [value for pin in pins for value in pin]
    if not all(pins) or len(set(every)) < len(every):
        return None
    cases = [{"if": _has_type(pin), "then": one} for pin, one in zip(pins, rest, strict=True)]
    whole: Json = {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": every}},
        "allOf": cases,
    }
    return {"if": {"type": "null"}, "else": whole} if len(rest) < len(members) else whole


def _has_type(values: list[Any]) -> Json:
    return {"required": ["type"], "properties": {"type": {"enum": values}}}


def pinned(member: Json, named: Json) -> list[Any]:
    schema = named.get(ref_name(member), member)
    if "anyOf" in schema and "properties" not in schema:
        pins = [pinned(one, named) for one in schema["anyOf"]]
        return pins[0] if all(pin == pins[0] for pin in pins) else []
    kind = schema.get("properties", {}).get("type", {})
    return [kind["const"]] if "const" in kind else list(kind.get("enum", []))


def ref_name(node: Json) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]
