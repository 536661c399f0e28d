"""Block Kit as the service keeps it.

This walks through it, numbers it, and finds what people can use in it.
"""

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.world import Json, World

STATEFUL = frozenset(
    "checkboxes channels_select conversations_select datepicker datetimepicker email_text_input "
    "external_select file_input multi_static_select multi_users_select multi_channels_select "
    "multi_conversations_select number_input plain_text_input radio_buttons rich_text_input "
    "static_select timepicker url_text_input users_select".split()
)
"""Elements that hold what was chosen or typed."""
LINES = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
SEVERAL = frozenset({"checkboxes", "multi_static_select"})
ONE = frozenset({"radio_buttons", "static_select"})
PARAGRAPHS = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})
USABLE = STATEFUL | {"button", "overflow"}


def elements(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements of a block, each with where it stands."""
    for number, element in enumerate(_list(block.get("elements"))):
        yield f"elements/{number}", element
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield key, block[key]


def _list(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def usable(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """What a person can press, choose in or type in, with its block, in reading order."""
    return [
        (block, one) for block in blocks for _, one in elements(block) if one.get("type") in USABLE
    ]


def texts(node: Any) -> Iterator[Json]:
    """Every text object in it, in reading order."""
    if isinstance(node, list):
        for one in node:
            yield from texts(one)
    elif isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"} and isinstance(node.get("text"), str):
            yield node
        for value in node.values():
            yield from texts(value)


def words(node: Any) -> Iterator[str]:
    """All that can be read in it, alternative texts included; rich text paragraph by paragraph."""
    if isinstance(node, list):
        for one in node:
            yield from words(one)
    elif isinstance(node, dict):
        kind, text = node.get("type"), node.get("text")
        if kind in PARAGRAPHS:
            yield "".join(map(_run, node.get("elements", ())))
            return
        if kind in {"plain_text", "mrkdwn", "raw_text", "markdown"} and isinstance(text, str):
            yield text
        elif isinstance(node.get("alt_text"), str):
            yield node["alt_text"]
        for key, value in node.items():
            if key not in {"placeholder", "confirm"}:
                yield from words(value)


def _run(one: Json) -> str:
    """A piece of a paragraph as it is read."""
    if one.get("type") == "emoji":
        return f":{one['name']}:"
    if one.get("type") == "user":
        return f"<@{one['user_id']}>"
    return str(one.get("text") or one.get("fallback") or one.get("url") or "")


def placed(world: World, blocks: list[Json]) -> list[Json]:
    """As the service keeps them: every block and element has a name, every text its defaults."""
    return [_named(world, {**block}) for block in blocks]


def _named(world: World, block: Json) -> Json:
    block.setdefault("block_id", world.id("k")[2:])
    if "elements" in block and block["type"] != "rich_text":
        block["elements"] = [_element(world, one) for one in block["elements"]]
    for key in ("accessory", "element"):
        if key in block:
            block[key] = _element(world, block[key])
    return {key: _text(value) for key, value in block.items()}


def _element(world: World, element: Json) -> Json:
    named = {key: _text(value) for key, value in element.items()}
    if named.get("type") in USABLE:
        named.setdefault("action_id", world.id("a")[2:])
    return named


def _text(value: Any) -> Any:
    if isinstance(value, dict) and value.get("type") == "plain_text":
        return {"emoji": True, **value}
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        return {"verbatim": False, **value}
    return value


def blank(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    kind = element["type"]
    if kind in LINES:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in SEVERAL:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    return {"type": kind, "files": []} if kind == "file_input" else {"type": kind}


def state(blocks: list[Json], drafts: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """What stands in every element, chosen by this person or offered to them."""
    found: dict[str, dict[str, Json]] = {}
    for block, one in usable(blocks):
        if one["type"] in STATEFUL:
            held = drafts.get(block["block_id"], {}).get(one["action_id"])
            found.setdefault(block["block_id"], {})[one["action_id"]] = held or blank(one)
    return found


def options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return [
        *element.get("options", ()),
        *(one for group in groups for one in group.get("options", ())),
    ]
