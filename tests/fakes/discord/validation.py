"""Limits that hold for whatever a bot says.

A schema cannot say all of them, and is not always there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.discord import components as parts
from tests.fakes.discord.components import walk
from tests.fakes.discord.world import V2, Json

Problems = dict[str, str]
Problem = tuple[str, str]

TOP_V1 = {parts.ROW}
TOP_V2 = {
    parts.ROW,
    parts.SECTION,
    parts.WORDS,
    parts.GALLERY,
    parts.FILE,
    parts.SEPARATOR,
    parts.CONTAINER,
}
IN_CONTAINER = TOP_V2 - {parts.CONTAINER}
IN_SECTION = {parts.BUTTON, parts.THUMBNAIL}
IN_MODAL = {parts.ROW, parts.LABEL, parts.WORDS}
IN_LABEL = {parts.INPUT, *parts.SELECTS, parts.UPLOAD, parts.RADIOS, parts.TICKS, parts.TICK}
FILE_BYTES, REQUEST_BYTES = 10 * 2**20, 25 * 2**20


def size(path: str, value: Any, most: int, least: int = 0) -> Iterator[Problem]:
    if value is None and not least:
        return
    if not isinstance(value, str | list) or not least <= len(value) <= most:
        yield path, f"Must be {least} to {most} in length."


def within(path: str, value: Any, least: int, most: int) -> Iterator[Problem]:
    if value is not None and not (isinstance(value, int) and least <= value <= most):
        yield path, f"Must be {least} to {most}."


def message(sent: Json, flags: int) -> Problems:
    """What is wrong with the whole message as it would stand."""
    problems = [*_plain(sent), *_embeds(sent.get("embeds") or [])]
    components = sent.get("components") or []
    problems += _v2(sent, components) if flags & V2 else _v1(components)
    problems += [problem for path, part in walk(components) for problem in _part(path, part)]
    return dict([*problems, *_unique(components)])


def _plain(sent: Json) -> Iterator[Problem]:
    yield from size("content", sent.get("content"), 2000)
    yield from size("attachments", sent.get("attachments"), 10)
    nonce = sent.get("nonce")
    yield from size("nonce", None if nonce is None else str(nonce), 25)
    for number, attachment in enumerate(sent.get("attachments") or []):
        yield from size(f"attachments.{number}.description", attachment.get("description"), 1024)
    allowed = sent.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in allowed.get("parse", ()) and allowed.get(kind):
            yield f"allowed_mentions.{kind}", f"Cannot be given beside parse: {kind}."


def is_empty(sent: Json) -> bool:
    """Whether nothing would be seen (a service's 50006)."""
    return not any(
        sent.get(key)
        for key in ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
    )


# Embeds

EMBED = (("title", 256), ("description", 4096), ("url", 2048))


def _embeds(embeds: list[Json]) -> Iterator[Problem]:
    yield from size("embeds", embeds, 10)
    for number, embed in enumerate(embeds):
        path = f"embeds.{number}"
        for key, most in EMBED:
            yield from size(f"{path}.{key}", embed.get(key), most)
        yield from size(f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
        yield from size(f"{path}.author.name", (embed.get("author") or {}).get("name"), 256)
        yield from _fields(f"{path}.fields", embed.get("fields") or [])
    if sum(_letters(embed) for embed in embeds) > 6000:
        yield "embeds", "Embed size exceeds maximum size of 6000."


def _fields(path: str, fields: list[Json]) -> Iterator[Problem]:
    yield from size(path, fields, 25)
    for number, field in enumerate(fields):
        yield from size(f"{path}.{number}.name", field.get("name"), 256, 1)
        yield from size(f"{path}.{number}.value", field.get("value"), 1024, 1)


def _letters(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field.get(key) for field in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(text or "") for text in texts)


# Components


def _v1(components: list[Json]) -> Iterator[Problem]:
    yield from size("components", components, 5)
    yield from _kinds("components", components, TOP_V1)


def _v2(sent: Json, components: list[Json]) -> Iterator[Problem]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if sent.get(key):
            yield key, "Cannot be used with the V2 flag."
    every = [part for _, part in walk(components)]
    if len(every) > 40:
        yield "components", f"{len(every)} components, 40 at most."
    letters = sum(
        len(part.get("content") or "") for part in every if part.get("type") == parts.WORDS
    )
    if letters > 4000:
        yield "components", f"{letters} characters of text, 4000 at most."
    yield from _kinds("components", components, TOP_V2)


def _kinds(path: str, components: list[Any], allowed: set[int]) -> Iterator[Problem]:
    for number, part in enumerate(components):
        if not isinstance(part, dict) or part.get("type") not in allowed:
            yield f"{path}.{number}.type", f"Must be one of {sorted(allowed)}."


def _unique(components: list[Json]) -> Iterator[Problem]:
    for key in ("custom_id", "id"):
        found = [(path, part[key]) for path, part in walk(components) if part.get(key)]
        counted = Counter(value for _, value in found)
        for path, value in found:
            if counted[value] > 1:
                yield f"{path}.{key}", f"{key.capitalize()} {value!r} stands twice."


def _part(path: str, part: Json) -> Iterator[Problem]:
    check = CHECKS.get(part.get("type", 0))
    if check:
        yield from check(path, part)


def _row(path: str, row: Json) -> Iterator[Problem]:
    inside = row.get("components") or []
    kinds = [part.get("type") for part in inside]
    yield from size(f"{path}.components", inside, 5, 1)
    yield from _kinds(f"{path}.components", inside, {parts.BUTTON, *parts.SELECTS, parts.INPUT})
    if len(kinds) > 1 and set(kinds) != {parts.BUTTON}:
        yield f"{path}.components", "A select or text input stands alone in its row."


def _button(path: str, button: Json) -> Iterator[Problem]:
    yield from size(f"{path}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji") and button.get("style") != parts.SHOP:
        yield path, "A button needs a label or an emoji."
    if button.get("style") == parts.LINK:
        yield from size(f"{path}.url", button.get("url"), 512, 1)
        if button.get("custom_id"):
            yield f"{path}.custom_id", "A link has no custom id."
    elif button.get("style") == parts.SHOP:
        if not button.get("sku_id") or any(
            button.get(key) is not None for key in ("custom_id", "label", "url")
        ):
            yield path, "A premium button has an SKU and nothing else."
    else:
        yield from within(f"{path}.style", button.get("style", 0), 1, 4)
        yield from size(f"{path}.custom_id", button.get("custom_id"), 100, 1)
        if button.get("url"):
            yield f"{path}.url", "Only a link has a url."


def _select(path: str, select: Json) -> Iterator[Problem]:
    yield from _asked(path, select)
    yield from size(f"{path}.placeholder", select.get("placeholder"), 150)
    options = select.get("options") or []
    if select["type"] == parts.SELECT:
        yield from size(f"{path}.options", options, 25, 1)
        yield from _options(f"{path}.options", options)
        yield from within(f"{path}.max_values", select.get("max_values"), 1, len(options))
    yield from within(
        f"{path}.min_values", select.get("min_values"), 0, select.get("max_values") or 1
    )


def _options(path: str, options: list[Json]) -> Iterator[Problem]:
    counted = Counter(option.get("value") for option in options)
    for number, option in enumerate(options):
        for key, least in (("label", 1), ("value", 1), ("description", 0)):
            yield from size(f"{path}.{number}.{key}", option.get(key), 100, least)
        if counted[option.get("value")] > 1:
            yield f"{path}.{number}.value", "The value stands twice."


def _asked(path: str, part: Json) -> Iterator[Problem]:
    yield from size(f"{path}.custom_id", part.get("custom_id"), 100, 1)


def _input(path: str, line: Json) -> Iterator[Problem]:
    yield from _asked(path, line)
    yield from within(f"{path}.style", line.get("style", 0), 1, 2)
    yield from size(f"{path}.placeholder", line.get("placeholder"), 100)
    yield from size(f"{path}.value", line.get("value"), 4000)
    yield from within(f"{path}.min_length", line.get("min_length"), 0, 4000)
    yield from within(f"{path}.max_length", line.get("max_length"), 1, 4000)


def _section(path: str, section: Json) -> Iterator[Problem]:
    inside = section.get("components") or []
    yield from size(f"{path}.components", inside, 3, 1)
    yield from _kinds(f"{path}.components", inside, {parts.WORDS})
    yield from _kinds(f"{path}.accessory", [section.get("accessory") or {}], IN_SECTION)


def _words(path: str, words: Json) -> Iterator[Problem]:
    yield from size(f"{path}.content", words.get("content"), 4000, 1)


def _thumbnail(path: str, picture: Json) -> Iterator[Problem]:
    if picture.get("description") is not None:
        yield from size(f"{path}.description", picture["description"], 1024, 1)


def _gallery(path: str, gallery: Json) -> Iterator[Problem]:
    yield from size(f"{path}.items", gallery.get("items"), 10, 1)
    for number, item in enumerate(gallery.get("items") or []):
        yield from _thumbnail(f"{path}.items.{number}", item)


def _container(path: str, container: Json) -> Iterator[Problem]:
    inside = container.get("components") or []
    yield from size(f"{path}.components", inside, 40, 1)
    yield from _kinds(f"{path}.components", inside, IN_CONTAINER)


def _label(path: str, label: Json) -> Iterator[Problem]:
    yield from size(f"{path}.label", label.get("label"), 45, 1)
    yield from size(f"{path}.description", label.get("description"), 100)
    yield from _kinds(f"{path}.component", [label.get("component") or {}], IN_LABEL)


def _upload(path: str, upload: Json) -> Iterator[Problem]:
    yield from _asked(path, upload)
    yield from within(f"{path}.min_values", upload.get("min_values"), 0, 10)
    yield from within(f"{path}.max_values", upload.get("max_values"), 1, 10)


def _ticks(path: str, ticks: Json) -> Iterator[Problem]:
    yield from _asked(path, ticks)
    yield from size(
        f"{path}.options", ticks.get("options"), 10, 2 if ticks["type"] == parts.RADIOS else 1
    )
    yield from _options(f"{path}.options", ticks.get("options") or [])


CHECKS: dict[int, Callable[[str, Json], Iterator[Problem]]] = {
    parts.ROW: _row,
    parts.BUTTON: _button,
    **dict.fromkeys(parts.SELECTS, _select),
    parts.INPUT: _input,
    parts.SECTION: _section,
    parts.WORDS: _words,
    parts.THUMBNAIL: _thumbnail,
    parts.GALLERY: _gallery,
    parts.CONTAINER: _container,
    parts.LABEL: _label,
    parts.RADIOS: _ticks,
    parts.TICKS: _ticks,
    parts.TICK: _asked,
    parts.UPLOAD: _upload,
}


# Modals, choices, commands


def modal(form: Json) -> Problems:
    fields = form.get("components") or []
    problems = [
        *size("custom_id", form.get("custom_id"), 100, 1),
        *size("title", form.get("title"), 45, 1),
    ]
    problems += [*size("components", fields, 5, 1), *_kinds("components", fields, IN_MODAL)]
    problems += [problem for path, part in walk(fields) for problem in _part(path, part)]
    problems += [problem for path, part in walk(fields) for problem in _titled(path, part)]
    return {f"data.{path}": problem for path, problem in [*problems, *_unique(fields)]}


def _titled(path: str, part: Json) -> Iterator[Problem]:
    """A text input has a label of its own in a row, and none inside a Label."""
    if part.get("type") == parts.INPUT:
        inside = path.endswith(".component")
        yield from size(f"{path}.label", part.get("label"), 0 if inside else 45, 0 if inside else 1)


def choices(data: Json) -> Problems:
    found = data.get("choices")
    problems = [*size("data.choices", found if found is not None else 0, 25)]
    for number, choice in enumerate(found or []):
        problems += size(f"data.choices.{number}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            problems += size(f"data.choices.{number}.value", choice["value"], 100)
    return dict(problems)


NAME = re.compile(r"[-_'\w]{1,32}")


def command(asked: Json, path: str) -> Problems:
    """One entry of a command tree."""
    if asked.get("type", 1) != 1:
        problems = [
            *size(f"{path}name", asked.get("name"), 32, 1),
            *size(f"{path}description", asked.get("description"), 0),
        ]
        return dict([*problems, *size(f"{path}options", asked.get("options"), 0)])
    problems = [*_named(path, asked), *_arguments(f"{path}options", asked.get("options") or [])]
    return dict(problems)


def _named(path: str, asked: Json) -> Iterator[Problem]:
    name = asked.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        yield f"{path}name", "Must be 1 to 32 small letters, digits, - or _."
    yield from size(f"{path}description", asked.get("description"), 100, 1)


def _arguments(path: str, options: list[Json]) -> Iterator[Problem]:
    yield from size(path, options, 25)
    if len({option.get("name") for option in options}) < len(options):
        yield path, "A name stands twice."
    needed = [bool(option.get("required")) for option in options if option.get("type", 0) > 2]
    if needed != sorted(needed, reverse=True):
        yield path, "Required options come first."
    for number, option in enumerate(options):
        yield from _argument(f"{path}.{number}.", option)


def _argument(path: str, option: Json) -> Iterator[Problem]:
    yield from _named(path, option)
    yield from within(f"{path}type", option.get("type", 0), 1, 11)
    found = option.get("choices") or []
    yield from size(f"{path}choices", found, 25)
    if found and option.get("autocomplete"):
        yield f"{path}autocomplete", "Not beside choices."
    for number, choice in enumerate(found):
        yield from size(f"{path}choices.{number}.name", choice.get("name"), 100, 1)
    yield from _arguments(f"{path}options", option.get("options") or [])
