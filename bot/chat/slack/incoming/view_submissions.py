"""view_submission: a modal that was sent."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.chat.kit.custom_ids import without_number
from bot.chat.port import Command, Press, Upload
from bot.chat.slack.identifiers import place_of
from bot.chat.slack.incoming.typed_text import argument_of
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.payload import Json, member_of, part, team_of, text
from bot.identity import MessageRef

Download = Callable[[str, Json], Awaitable[bytes]]


def read(payload: Json, at: datetime, download: Download) -> Interaction | None:
    """The command or press that its `private_metadata` names. None for a modal that is not ours."""
    view = payload["view"]
    person = member_of(payload)
    team = team_of(payload)
    try:
        metadata = json.loads(text(view, "private_metadata") or "{}")
        place = place_of(team, metadata["channel"])
        action = str(metadata["action"])
        response_url = str(metadata["url"])
    except (ValueError, KeyError, TypeError):
        return None
    act = f"{view['id']}:{view.get('hash', '')}"
    fields = list(_fields(view))
    event: Command | Press
    if action.startswith("/"):
        verb = action[1:]
        arguments = _arguments(team, verb, metadata.get("names") or (), map(_value, fields))
        event = Command(act, person, place, verb, at, arguments)
    else:
        message = (
            MessageRef(
                place,
                str(metadata["message"]),
            )
            if metadata.get("message")
            else None
        )
        file = next((file for field in fields for file in field.get("files") or ()), None)
        upload = Upload(text(file, "name"), lambda: download(team, file)) if file else None
        values = () if upload else tuple(map(_value, fields))
        event = Press(
            act,
            person,
            place,
            message,
            without_number(action),
            at,
            values,
            upload,
        )
    private_card = MessageRef(place, str(metadata["on"])) if metadata.get("on") else None
    return Interaction(event, response_url, private_card, thread_ts=text(metadata, "thread"))


def _fields(view: Json) -> Iterator[Json]:
    values = part(view, "state", "values")
    for block in view.get("blocks") or ():
        yield from part(values, text(block, "block_id")).values()


def _value(field: Json) -> str:
    return (
        text(field, "value")
        or text(field, "selected_option", "value")
        or text(field, "selected_user")
    )


def _arguments(
    team: str, verb: str, names: Sequence[str], values: Iterator[str]
) -> Mapping[str, str]:
    arguments = {name: value for name, value in zip(names, values, strict=False) if value}
    for name, value in arguments.items():
        if argument_of(verb, name).person:
            arguments[name] = f"{team}/{value}"
    return arguments
