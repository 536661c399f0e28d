"""The service's official OpenAPI document as a judge of what is sent and what is answered.

It lies in a folder named by OFFICIAL_SCHEMAS and is not part of this project. Requests are judged strictly: a key that
the document does not know is a typing mistake. What the service is known to take besides stands in `allowed.toml`.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = dict[str, Any]

FOLDER = "OFFICIAL_SCHEMAS"
ALLOWED = Path(__file__).with_name("allowed.toml")
PREFIX = "#/components/schemas/"
UNKNOWN = re.compile(r"Additional properties are not allowed \((.*) (?:was|were) unexpected\)")
TOLD = 160
"""Characters of a complaint; they quote whole values."""


def schemas() -> Path | None:
    """The folder with the official documents, when somebody named one."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else None


class Judge:
    def __init__(self, document: Path) -> None:
        self._whole = json.loads(document.read_bytes())
        named = self._whole["components"]["schemas"]
        self._open = plain_unions(named, named)
        self._closed = plain_unions(
            {name: _closed(schema) for name, schema in named.items()}, named
        )
        self.allowed = tomllib.loads(ALLOWED.read_text("utf-8"))["allowed"]
        self._validator = cache(self._compiled)

    def request(self, method: str, template: str, body: Any) -> list[str]:
        operation = self._whole["paths"].get(template, {}).get(method.lower())
        if operation is None:
            return [f"{method} {template}: no such operation"]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return [f"{method} {template}: takes no body"]
        forms = content["schema"].get("anyOf", [content["schema"]])
        if told_apart(forms, self._whole["components"]["schemas"]):
            forms = [content["schema"]]
        what = f"{method} {template} request"
        return min(
            (self._judged(what, json.dumps(form), body, strict=True) for form in forms), key=len
        )

    def answer(self, method: str, template: str, status: int, body: Any) -> list[str]:
        operation = self._whole["paths"].get(template, {}).get(method.lower(), {})
        told = operation.get("responses", {})
        response = told.get(str(status)) or told.get(f"{status // 100}XX", {})
        if "$ref" in response:
            response = self._whole["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response.get("content", {}).get("application/json")
        if content is None:
            return []
        return self._judged(
            f"{method} {template} {status}", json.dumps(content["schema"]), body, strict=False
        )

    def shape(self, name: str, value: Any) -> list[str]:
        """A value against one named schema."""
        return self._judged(name, json.dumps({"$ref": PREFIX + name}), value, strict=False)

    def _judged(self, what: str, schema: str, value: Any, *, strict: bool) -> list[str]:
        validator = self._validator(schema, strict)
        return [said for said in complaints(validator, value) if not self._is_allowed(what, said)]

    def _is_allowed(self, what: str, said: str) -> bool:
        return any(
            re.search(one["where"], what) and re.search(one["says"], said) for one in self.allowed
        )

    def _compiled(self, schema: str, strict: bool) -> Any:
        named = self._closed if strict else self._open
        asked = json.loads(schema)
        top = plain_unions(
            _closed(asked) if strict else asked, self._whole["components"]["schemas"]
        )
        needed = {name: named[name] for name in reached(top, named)}
        return jsonschema_rs.validator_for({**top, "components": {"schemas": needed}})


def complaints(validator: Any, value: Any) -> Iterator[str]:
    """What is wrong with a value, and where in it."""
    for error in validator.iter_errors(value):
        path = "/".join(str(step) for step in error.instance_path)
        strange = UNKNOWN.fullmatch(error.message)
        for said in (
            [f"unknown key {key}" for key in strange[1].split(", ")] if strange else [error.message]
        ):
            yield f"/{path}: {said[-TOLD:]}"


def reached(schema: Any, named: Json) -> set[str]:
    """The names of all that a schema refers to, near and far."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            name = _name(node)
            if name in named and name not in found:
                found.add(name)
                waiting.append(named[name])
        waiting += (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        )
    return found


def _closed(node: Any) -> Any:
    """Every object takes only the keys that it names."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    is_object = "properties" in node and "object" in str(node.get("type"))
    return {"additionalProperties": False, **closed} if is_object else closed


def plain_unions(node: Any, named: Json) -> Any:
    """Unions told apart by their `type` become if/then, so that a complaint names the place and not the union."""
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
    schema = named.get(_name(member), member)
    if "anyOf" in schema and "properties" not in schema:
        pins = [pinned(one, named) for one in schema["anyOf"]]
        return pins[0] if all(pin == pins[0] for pin in pins) else []
    kind = schema.get("properties", {}).get("type", {})
    return [kind["const"]] if "const" in kind else list(kind.get("enum", []))


def _name(node: Json) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]
