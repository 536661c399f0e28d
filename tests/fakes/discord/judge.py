"""Judges what is sent and answered by Discord's official OpenAPI document.

Requests are judged strictly: a key that the document does not know is a typing mistake.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.fakes.schemas import Judge, complaints, plain_unions, reached, told_apart

PREFIX = "#/components/schemas/"


class OpenApiJudge(Judge):
    def __init__(self, document: Path) -> None:
        super().__init__(__file__)
        self._whole = json.loads(document.read_bytes())
        named = self._whole["components"]["schemas"]
        self._open = plain_unions(named, named)
        self._closed = plain_unions(
            {name: _closed(schema) for name, schema in named.items()}, named
        )
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
        payload = operation.get("responses", {})
        response = payload.get(str(status)) or payload.get(f"{status // 100}XX", {})
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
        return self.not_allowed(what, complaints(self._validator(schema, strict), value))

    def _compiled(self, schema: str, strict: bool) -> Any:
        named = self._closed if strict else self._open
        asked = json.loads(schema)
        top = plain_unions(
            _closed(asked) if strict else asked, self._whole["components"]["schemas"]
        )
        needed = {name: named[name] for name in reached(top, named)}
        return jsonschema_rs.validator_for({**top, "components": {"schemas": needed}})


def _closed(node: Any) -> Any:
    """Every object takes only the keys that it names."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    is_object = "properties" in node and "object" in str(node.get("type"))
    return {"additionalProperties": False, **closed} if is_object else closed
