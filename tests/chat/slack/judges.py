"""What is known of blocks.

It is Slack's own types where they are at hand, its library's models, and what neither says.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from slack_sdk.models.blocks import Block

from tests.fakes.schemas import schemas

Json = dict[str, Any]


@cache
def _official(name: str) -> jsonschema_rs.Validator | None:
    folder = schemas()
    if folder is None:
        return None
    return jsonschema_rs.validator_for(json.loads((folder / "slack" / f"{name}.json").read_text()))


def wrongs(blocks: list[Json]) -> list[str]:
    """Everything that Slack would refuse in these blocks of a message."""
    return [*_own(blocks, 50), *_models(blocks), *_schema({"blocks": blocks}, "MessageBlocks")]


def wrongs_of(view: Json) -> list[str]:
    """Everything that Slack would refuse in a form."""
    return [*_own(view["blocks"], 100), *_models(view["blocks"]), *_schema(view, "ModalView")]


def _own(blocks: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(names) != len(set(names)):
        yield "two blocks of one name"
    for block in blocks:
        ids = [each["action_id"] for each in block.get("elements", ()) if "action_id" in each]
        if len(ids) != len(set(ids)):
            yield "two actions of one name"
        yield from (f"an empty text in {block}" for each in _texts(block) if not each)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for each in part.values():
            yield from _texts(each)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _models(blocks: list[Json]) -> Iterator[str]:
    for block, model in zip(blocks, Block.parse_all(blocks), strict=True):
        try:
            model.validate_json()
        except Exception as error:  # noqa: BLE001 (whatever the model says)
            yield f"{error}: {block}"


def _schema(told: Json, shape: str) -> Iterator[str]:
    official = _official(shape)
    if official:
        yield from (
            f"{error.instance_path}: {error.message[:300]}" for error in official.iter_errors(told)
        )
