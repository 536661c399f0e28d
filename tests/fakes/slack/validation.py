"""Limits that hold for whatever a bot says.

The official types cannot say all of them, and are not always there.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.slack.blocks import LINES, SEVERAL, elements, options, texts
from tests.fakes.slack.world import Json

Problems = list[str]
IN_MESSAGE, IN_VIEW = 50, 100
TEXT = 40_000
METADATA_BYTES = 16_384
NAME = 255
EVERYWHERE = frozenset(
    "actions context divider header image input markdown rich_text section table video file".split()
)
ACTIONS = frozenset(
    "button checkboxes datepicker datetimepicker overflow radio_buttons static_select "
    "multi_static_select users_select multi_users_select conversations_select channels_select "
    "external_select timepicker".split()
)
ONLY_MODAL = frozenset({"file_input"})
DATE = re.compile(r"<!date\^([^>]*)>")
TOKENS = frozenset(
    "date_num date date_short date_long date_pretty date_short_pretty date_long_pretty "
    "date_long_full day_divider_pretty time time_secs ago".split()
)
BROADCAST = re.compile(
    r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<@[UW][A-Z0-9]+(?:\|[^>]*)?>|<!subteam\^[^>]*>"
)


def size(path: str, value: Any, most: int, least: int = 1) -> Iterator[str]:
    if not isinstance(value, str | list) or not least <= len(value) <= most:
        yield f"{path}: must be {least} to {most} in length"


def text(
    path: str, value: Any, most: int, kinds: tuple[str, ...] = ("plain_text",)
) -> Iterator[str]:
    """A text object of one of these kinds."""
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"{path}: must be a text of {' or '.join(kinds)}"
        return
    yield from size(f"{path}/text", value.get("text"), most)


def name(path: str, part: Json, key: str) -> Iterator[str]:
    if key in part:
        yield from size(f"{path}/{key}", part[key], NAME)


# Blocks


def blocks(found: Any, surface: str) -> Problems:
    """What is wrong with all blocks of a message, a modal or a home."""
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return ["blocks: must be a list of objects"]
    most = IN_MESSAGE if surface == "message" else IN_VIEW
    problems = [] if len(found) <= most else [f"blocks: {len(found)} of them, {most} at most"]
    for number, block in enumerate(found):
        problems += _block(f"blocks/{number}", block, surface)
    twice = [
        one
        for one, times in Counter(block.get("block_id") for block in found).items()
        if one and times > 1
    ]
    problems += [f"blocks: block_id {one!r} stands twice" for one in twice]
    return problems + [f"blocks: {one}" for sent in texts(found) for one in dates(sent["text"])]


def _block(path: str, block: Json, surface: str) -> Iterator[str]:
    kind = block.get("type")
    if kind not in EVERYWHERE or (kind in {"markdown", "table"} and surface != "message"):
        yield f"{path}/type: {kind!r} cannot stand in a {surface}"
        return
    yield from name(path, block, "block_id")
    named = [one.get("action_id") for _, one in elements(block) if one.get("action_id")]
    if len(set(named)) < len(named):
        yield f"{path}: an action_id stands twice in the block"
    if kind in CHECKS:
        yield from CHECKS[kind](path, block)
    if kind in {"actions", "input", "section"}:
        for where, one in elements(block):
            yield from _element(f"{path}/{where}", one, surface)


def _section(path: str, block: Json) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield f"{path}: neither text nor fields"
    if "text" in block:
        yield from text(f"{path}/text", block["text"], 3000, ("plain_text", "mrkdwn"))
    if "fields" in block:
        yield from size(f"{path}/fields", block["fields"], 10)
        for number, field in enumerate(block["fields"]):
            yield from text(f"{path}/fields/{number}", field, 2000, ("plain_text", "mrkdwn"))


def _header(path: str, block: Json) -> Iterator[str]:
    yield from text(f"{path}/text", block.get("text"), 150)


def _context(path: str, block: Json) -> Iterator[str]:
    yield from size(f"{path}/elements", block.get("elements"), 10)
    for where, one in elements(block):
        if one.get("type") == "image":
            yield from _picture(f"{path}/{where}", one)
        else:
            yield from text(f"{path}/{where}", one, 3000, ("plain_text", "mrkdwn"))


def _actions(path: str, block: Json) -> Iterator[str]:
    yield from size(f"{path}/elements", block.get("elements"), 25)
    for where, one in elements(block):
        if one.get("type") not in ACTIONS:
            yield f"{path}/{where}/type: {one.get('type')!r} cannot stand in actions"


def _picture(path: str, block: Json) -> Iterator[str]:
    yield from size(f"{path}/alt_text", block.get("alt_text"), 2000)
    if ("image_url" in block) == ("slack_file" in block):
        yield f"{path}: either an image_url or a slack_file"
    if "image_url" in block:
        yield from size(f"{path}/image_url", block["image_url"], 3000)


def _input(path: str, block: Json) -> Iterator[str]:
    yield from text(f"{path}/label", block.get("label"), 2000)
    if "hint" in block:
        yield from text(f"{path}/hint", block["hint"], 2000)
    if not isinstance(block.get("element"), dict) or block["element"].get("type") == "button":
        yield f"{path}/element: something to fill in"


def _markdown(path: str, block: Json) -> Iterator[str]:
    yield from size(f"{path}/text", block.get("text"), 12_000)


def _table(path: str, block: Json) -> Iterator[str]:
    yield from size(f"{path}/rows", block.get("rows"), 100)
    if any(not isinstance(row, list) or len(row) > 20 for row in block.get("rows") or []):
        yield f"{path}/rows: a row has 20 cells at most"


CHECKS: dict[str, Callable[[str, Json], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _picture,
    "input": _input,
    "markdown": _markdown,
    "table": _table,
}

# Elements


def _element(path: str, one: Json, surface: str) -> Iterator[str]:
    kind = one.get("type")
    if kind in ONLY_MODAL and surface != "modal":
        yield f"{path}/type: {kind!r} stands in modals only"
    yield from name(path, one, "action_id")
    if "placeholder" in one:
        yield from text(f"{path}/placeholder", one["placeholder"], 150)
    if kind == "button":
        yield from _button(path, one)
    elif kind == "image":
        yield from _picture(path, one)
    elif kind in LINES:
        yield from _line(path, one)
    elif kind == "file_input":
        yield from _files(path, one)
    elif "options" in one or kind in {*SEVERAL, "static_select", "radio_buttons", "overflow"}:
        yield from _options(path, one)


def _button(path: str, one: Json) -> Iterator[str]:
    yield from text(f"{path}/text", one.get("text"), 75)
    if "value" in one:
        yield from size(f"{path}/value", one["value"], 2000)
    if "accessibility_label" in one:
        yield from size(f"{path}/accessibility_label", one["accessibility_label"], 75)
    if one.get("style", "primary") not in {"primary", "danger"}:
        yield f"{path}/style: primary or danger"


def _files(path: str, one: Json) -> Iterator[str]:
    if not 1 <= one.get("max_files", 10) <= 10:
        yield f"{path}/max_files: 1 to 10"
    if not all(isinstance(kind, str) and kind.isalnum() for kind in one.get("filetypes", ())):
        yield f"{path}/filetypes: endings without a dot"


def _line(path: str, one: Json) -> Iterator[str]:
    if not 0 <= one.get("min_length", 0) <= 3000:
        yield f"{path}/min_length: 0 to 3000"
    if not 1 <= one.get("max_length", 3000) <= 3000:
        yield f"{path}/max_length: 1 to 3000"
    if len(str(one.get("initial_value") or "")) > one.get("max_length", 3000):
        yield f"{path}/initial_value: longer than it may be"


MOST_OPTIONS = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}


def _options(path: str, one: Json) -> Iterator[str]:
    found = options(one)
    most = MOST_OPTIONS.get(one["type"], 100)
    yield from size(f"{path}/options", found, most)
    kinds = (
        ("plain_text", "mrkdwn")
        if one["type"] in {"checkboxes", "radio_buttons"}
        else ("plain_text",)
    )
    for number, option in enumerate(found):
        yield from text(f"{path}/options/{number}/text", option.get("text"), 75, kinds)
        yield from size(f"{path}/options/{number}/value", option.get("value"), 150)
        if "description" in option:
            yield from text(
                f"{path}/options/{number}/description", option["description"], 75, kinds
            )
    values = [option.get("value") for option in found]
    if len(set(values)) < len(values):
        yield f"{path}/options: a value stands twice"
    chosen = [
        *one.get("initial_options", ()),
        *([one["initial_option"]] if "initial_option" in one else []),
    ]
    if any(option not in found for option in chosen):
        yield f"{path}: an initial option is none of the options"


# Words


def dates(sent: str) -> Iterator[str]:
    """What is wrong with the instants in a text."""
    for found in DATE.findall(sent):
        form, bar, fallback = found.partition("|")
        at, _, shown = form.partition("^")
        tokens = re.findall(r"\{(\w+)\}", shown)
        if not at.isdigit() or not tokens or not set(tokens) <= TOKENS or not bar or not fallback:
            yield f"<!date^{found}> is no instant: it needs a time, known tokens and a fallback"


def pings(sent: Any) -> list[str]:
    """Whoever would be called by these texts and blocks."""
    found = (
        [sent]
        if isinstance(sent, str)
        else [one["text"] for one in texts(sent) if one["type"] == "mrkdwn"]
    )
    return [*(match[0] for one in found for match in BROADCAST.finditer(one)), *called(sent)]


def called(node: Any) -> Iterator[str]:
    """Whom rich text calls; there only an element of its own does."""
    if isinstance(node, list):
        for one in node:
            yield from called(one)
    elif isinstance(node, dict):
        if node.get("type") in {"user", "usergroup", "broadcast"}:
            yield (
                f"<{node['type']} "
                f"{node.get('user_id') or node.get('usergroup_id') or node.get('range')}>"
            )
        yield from called(list(node.values()))


# Messages and views


def message(sent: Json) -> Problems:
    """What is wrong with the whole message; the first word is the service's name for it."""
    problems = []
    if not sent.get("text") and not sent.get("blocks") and not sent.get("attachments"):
        problems.append("no_text: nothing would be seen")
    if len(str(sent.get("text") or "")) > TEXT:
        problems.append(f"msg_too_long: {TEXT} at most")
    if sent.get("blocks"):
        problems += [f"invalid_blocks: {one}" for one in blocks(sent["blocks"], "message")]
        if not sent.get("text"):
            problems.append(
                "unreadable: blocks without text, so notifications and screen readers say nothing"
            )
    problems += [f"text: {one}" for one in dates(str(sent.get("text") or ""))]
    return problems + list(_metadata(sent.get("metadata")))


def _metadata(metadata: Any) -> Iterator[str]:
    if metadata is None:
        return
    if (
        not isinstance(metadata, dict)
        or not metadata.get("event_type")
        or "event_payload" not in metadata
    ):
        yield "invalid_metadata_format: an event_type and an event_payload"
    elif len(json.dumps(metadata)) > METADATA_BYTES:
        yield "metadata_too_large: 16 KiB at most"


VIEW = {"home": frozenset({"blocks", "private_metadata", "callback_id", "external_id", "type"})}


def view(sent: Any, kinds: tuple[str, ...]) -> Problems:
    if not isinstance(sent, dict) or sent.get("type") not in kinds:
        return [f"view/type: must be one of {kinds}"]
    problems = blocks(sent.get("blocks"), sent["type"])
    for key, most in (("private_metadata", 3000), ("callback_id", NAME), ("external_id", NAME)):
        problems += size(key, sent[key], most, 0) if key in sent else ()
    if sent["type"] == "modal":
        problems += text("title", sent.get("title"), 24)
        for key in ("submit", "close"):
            problems += text(key, sent[key], 24) if key in sent else ()
        if any(block.get("type") == "input" for block in sent["blocks"]) and "submit" not in sent:
            problems.append("submit: a view with inputs needs it")
    return problems
