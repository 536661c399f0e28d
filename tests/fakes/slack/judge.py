"""Slack's official types as a judge, and the second opinion of slack_sdk's own models.

The types are JSON Schema, one file a method and direction, in the folder `slack` of the official
schemas. Requests are judged strictly; a block is judged by the type that it says it is of. Answers
are judged outside their blocks alone, for those of the answers were drawn from samples.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SdkView

from tests.fakes import schemas
from tests.fakes.schemas import Judge
from tests.fakes.slack.world import Json

WORDS = frozenset({"deprecated", "description", "examples"})
"""Keys of a schema that say nothing about a value."""
INBOUND = {
    "slash": "SlashCommand",
    "block_actions": "BlockAction",
    "view_submission": "ViewSubmitAction",
    "view_closed": "ViewClosedAction",
    "message_action": "MessageShortcut",
    "shortcut": "GlobalShortcut",
    "event": "EnvelopedEvent",
    "reaction_added": "ReactionAddedEvent",
    "app_home_opened": "AppHomeOpenedEvent",
    "app_mention": "AppMentionEvent",
    "message": "GenericMessageEvent",
}


class TypesJudge(Judge):
    def __init__(self, folder: Path) -> None:
        super().__init__(__file__)
        self._folder = folder
        self._validator = cache(self._compiled)

    def request(self, method: str, sent: Json) -> list[str]:
        """The arguments of a Web API method, blocks and views among them."""
        outside, inside = _apart(sent)
        found = self._file(f"Req.{method}", outside) if self._has(f"Req.{method}") else []
        found += [one for blocks in inside for one in self.blocks(blocks, "MessageBlocks")]
        if "view" in sent:
            found += self.view(sent["view"])
        return self.not_allowed(f"{method} request", found)

    def view(self, sent: Any) -> list[str]:
        kind = sent.get("type") if isinstance(sent, dict) else None
        name = {"modal": "ModalView", "home": "HomeView"}.get(str(kind))
        if name is None:
            return [f"view of type {kind!r}"]
        outside = {**sent, "blocks": []}
        found = [f"/view{one}" for one in self._best(name, name, outside)]
        return found + self.blocks(sent.get("blocks"), name) + list(_sdk_view(sent))

    def blocks(self, sent: Any, document: str) -> list[str]:
        if not isinstance(sent, list):
            return ["/blocks: not a list"]
        found: list[str] = []
        for number, block in enumerate(sent):
            found += [f"/blocks/{number}{one}" for one in self._best(document, "KnownBlock", block)]
            found += [f"/blocks/{number}: slack_sdk: {one}" for one in _sdk(block)]
        return found

    def answer(self, method: str, body: Json) -> list[str]:
        if not self._has(f"Res.{method}"):
            return []
        return self.not_allowed(
            f"{method} answer", self._file(f"Res.{method}", _without_blocks(body, nothing=False))
        )

    def inbound(self, kind: str, payload: Json) -> list[str]:
        if kind != "event":
            return self._inbound(kind, payload)
        event = payload["event"]
        found = self._inbound(kind, {**payload, "event": {"type": event["type"]}})
        return found if "subtype" in event else found + self._inbound(event["type"], event)

    def _inbound(self, kind: str, payload: Json) -> list[str]:
        if kind not in INBOUND:
            return []
        return self.not_allowed(
            f"{kind} inbound",
            self._best("Inbound", INBOUND[kind], _without_blocks(payload, nothing=True)),
        )

    # Schemas

    def _has(self, document: str) -> bool:
        return (self._folder / f"{document}.json").exists()

    def _file(self, document: str, value: Any) -> list[str]:
        return self._best(document, "", value)

    def _best(self, document: str, name: str, value: Any) -> list[str]:
        """What is wrong by the one of several forms that fits best."""
        forms = self._validator(document, name)
        kinds = {kind for kind, _ in forms if kind}
        kind = value.get("type") if isinstance(value, dict) else None
        if kinds and kind not in kinds:
            return [f"/type: {kind!r} is none of {sorted(kinds)}"]
        return min(
            (list(schemas.complaints(form, value)) for of, form in forms if of in {None, kind}),
            key=len,
        )

    def _compiled(self, document: str, name: str) -> list[tuple[str | None, Any]]:
        whole = json.loads((self._folder / f"{document}.json").read_bytes())
        named = _known(whole["definitions"])
        plain = {one: schemas.plain_unions(schema, named) for one, schema in named.items()}
        top = {"$ref": f"#/definitions/{name}"} if name else {"$ref": whole["$ref"]}
        return [(_kind(form), _validator(form, plain, named)) for form in _forms(top, named)]


def _kind(form: Json) -> str | None:
    kind = form.get("properties", {}).get("type", {}).get("const")
    return str(kind) if kind else None


def _validator(form: Json, plain: Json, named: Json) -> Any:
    schema = schemas.plain_unions(form, named)
    needed = {name: plain[name] for name in schemas.reached(schema, plain)}
    return jsonschema_rs.validator_for({**schema, "definitions": needed})


def _forms(node: Json, named: Json) -> list[Json]:
    """The members of a union at the top, unions in it opened."""
    schema = named[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    if "$ref" in schema:
        return _forms(schema, named)
    if "anyOf" in schema:
        return [form for one in schema["anyOf"] for form in _forms(one, named)]
    return [schema]


def _known(named: Json) -> Json:
    """Without the form that lets any block pass, where blocks are known.

    Unions of unions are made flat.
    """
    known = {
        name: schema
        for name, schema in named.items()
        if name != "Block" or "KnownBlock" not in named
    }
    return {name: _strict(schema, known) for name, schema in known.items()}


def _strict(node: Any, named: Json) -> Any:
    if isinstance(node, list):
        return [_strict(one, named) for one in node]
    if not isinstance(node, dict):
        return node
    strict = {
        key: _strict(value, named)
        for key, value in node.items()
        if key not in WORDS or isinstance(value, dict)
    }
    if isinstance(node.get("anyOf"), list):
        strict["anyOf"] = [one for each in strict["anyOf"] for one in _flat(each, named)]
    return strict


def _flat(member: Json, named: Json) -> Iterator[Json]:
    name = str(member.get("$ref", "")).rpartition("/")[2]
    if name == "Block" and name not in named:
        return
    inner = named.get(name, {})
    if (
        isinstance(inner.get("anyOf"), list)
        and not inner.get("properties")
        and not schemas.pinned(inner, named)
    ):
        for one in inner["anyOf"]:
            yield from _flat(one, named)
    else:
        yield member


def _apart(sent: Json) -> tuple[Json, list[Any]]:
    """Arguments with their blocks and view emptied, which are judged apart; and the blocks."""
    outside, inside = {**sent}, []
    if isinstance(sent.get("blocks"), list):
        inside.append(sent["blocks"])
        outside["blocks"] = []
    if isinstance(sent.get("view"), dict):
        outside["view"] = {"type": "home", "blocks": []}
    return outside, inside


def _without_blocks(node: Any, *, nothing: bool) -> Any:
    """Without blocks; and in answers without nothing, which these types never expect."""
    if isinstance(node, list):
        return [_without_blocks(one, nothing=nothing) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if nothing or value is not None}
    return {
        key: [] if key == "blocks" else _without_blocks(value, nothing=nothing)
        for key, value in kept.items()
    }


# The second opinion


def _sdk(block: Any) -> Iterator[str]:
    try:
        parsed = Block.parse(block)
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        yield str(error)
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        yield f"cannot be read: {error!r}"


def _sdk_view(sent: Json) -> Iterator[str]:
    try:
        SdkView(**{**sent, "blocks": [{"type": "divider"}]}).validate_json()
    except SlackObjectFormationError as error:
        yield f"/view: slack_sdk: {error}"
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        yield f"/view: slack_sdk cannot read it: {error!r}"
