"""Slash commands, presses, modals and shortcuts as they arrive."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.chat.kit.custom_ids import without_number
from bot.chat.kit.typed_commands import Sources, parse
from bot.chat.platform_interface import Command, Press, Upload
from bot.chat.slack.incoming.typed_text import argument_of, code_in_any_message, read_command
from bot.chat.slack.outgoing.controls import MORE, TICKED, action_ids
from bot.chat.slack.outgoing.mrkdwn import RUN_COMMAND, as_seen
from bot.chat.slack.payload import (
    Json,
    direct_message_ref,
    ephemeral_message_ref,
    is_direct,
    member_of,
    part,
    person_of,
    place_of,
    team_of,
    text,
    thread_of,
    time_of,
    user_of,
)
from bot.chat.slack.shared import Interaction
from bot.commands import REPORT, RUN
from bot.identity import MessageRef

Download = Callable[[str, Json], Awaitable[bytes]]
RUN_MESSAGE = "run_message"
REPORT_QUESTION = "report_question"
_REPORT_ACTION = re.compile(rf"{REPORT.name}:[0-9]+\Z")


def read_slash_command(payload: Json, at: datetime, sources: Sources) -> Interaction:
    typed = text(payload, "text")
    if payload["command"] == RUN_COMMAND:
        words = parse(f"{RUN.name} {as_seen(typed.strip())}", sources)
    else:
        words = read_command(str(payload["team_id"]), typed, sources)
    return slash_command(payload, at, *words)


def slash_command(
    payload: Json, at: datetime, verb: str, arguments: Mapping[str, str]
) -> Interaction:
    team = str(payload["team_id"])
    person = person_of(team, str(payload["user_id"]), text(payload, "user_name"))
    place = place_of(team, payload["channel_id"])
    command = Command(str(payload["trigger_id"]), person, place, verb, at, arguments)
    return Interaction(command, text(payload, "response_url"))


def read_press(payload: Json) -> Interaction | None:
    """None for what sends nothing by itself, such as check boxes."""
    element = payload["actions"][0]
    action = _action(element)
    if not action:
        return None
    person = member_of(payload)
    team = team_of(payload)
    response_url = text(payload, "response_url")
    container = part(payload, "container")
    channel = text(payload, "channel", "id") or text(container, "channel_id")
    ts = text(container, "message_ts") or text(payload, "message", "ts")
    place = place_of(team, channel)
    message = MessageRef(place, ts) if channel and ts else None
    private_card = None
    if message and container.get("is_ephemeral"):
        private_card = ephemeral_message_ref(place, response_url)
    elif message and is_direct(channel):
        private_card = direct_message_ref(place, channel, ts)
    act = f"{team}:{user_of(person)}:{element['action_ts']}:{element['action_id']}"
    at = time_of(element["action_ts"])
    return Interaction(
        Press(act, person, place, message, action, at, _ticked(payload, element)),
        response_url,
        private_card,
        in_home_tab=message is None and container.get("type") == "view",
        thread_ts=thread_of(payload),
    )


def _action(element: Json) -> str:
    action_id = text(element, "action_id")
    if action_id == MORE:
        return without_number(text(element, "selected_option", "value"))
    if action_id.startswith(f"{TICKED}/") or element.get("type") != "button":
        return ""
    return without_number(action_id)


def _ticked(payload: Json, button: Json) -> tuple[str, ...]:
    fields = part(payload, "state", "values", text(button, "block_id"))
    for action_id, field in fields.items():
        if action_id.startswith(f"{TICKED}/"):
            return tuple(str(option["value"]) for option in field.get("selected_options") or ())
    return ()


def read_submission(payload: Json, at: datetime, download: Download) -> Interaction | None:
    """The command or press that its metadata names. None for a modal that is not ours."""
    view = payload["view"]
    team = team_of(payload)
    try:
        metadata = json.loads(text(view, "private_metadata") or "{}")
        place = place_of(team, metadata["channel"])
        action = str(metadata["action"])
        response_url = str(metadata["url"])
    except (ValueError, KeyError, TypeError):
        return None
    by = f"{view['id']}:{view.get('hash', '')}", member_of(payload), place
    values = part(view, "state", "values")
    fields = [
        field
        for block in view.get("blocks") or ()
        for field in part(values, text(block, "block_id")).values()
    ]

    def message_of(name: str) -> MessageRef | None:
        return MessageRef(place, str(metadata[name])) if metadata.get(name) else None

    event: Command | Press
    if action.startswith("/"):
        verb = action[1:]
        names = metadata.get("names") or ()
        event = Command(*by, verb, at, _arguments(team, verb, names, map(_value, fields)))
    else:
        file = next((file for field in fields for file in field.get("files") or ()), None)
        upload = Upload(text(file, "name"), lambda: download(team, file)) if file else None
        typed = () if upload else tuple(map(_value, fields))
        event = Press(*by, message_of("message"), without_number(action), at, typed, upload)
    return Interaction(event, response_url, message_of("on"), thread_ts=text(metadata, "thread"))


def _value(field: Json) -> str:
    return (
        text(field, "value")
        or text(field, "selected_option", "value")
        or text(field, "selected_user")
    )


def _arguments(
    team: str, verb: str, names: Sequence[str], values: Iterator[str]
) -> Mapping[str, str]:
    return {
        name: f"{team}/{value}" if argument_of(verb, name).person else value
        for name, value in zip(names, values, strict=False)
        if value
    }


def read_shortcut(payload: Json, at: datetime) -> Interaction:
    message = payload["message"]
    place = place_of(team_of(payload), payload["channel"]["id"])
    by = str(payload["trigger_id"]), member_of(payload), place
    if payload["callback_id"] == RUN_MESSAGE:
        code = code_in_any_message(text(message, "text"))
        posted = MessageRef(place, str(message["ts"]))
        event = Press(*by, posted, RUN.name, at, (code,) if code else ())
    else:
        event = Press(*by, None, _report_action(payload), at)
    return Interaction(event, text(payload, "response_url"), thread_ts=thread_of(payload))


def _report_action(payload: Json) -> str:
    """Without a number where the message shows no question of this app."""
    message = payload["message"]
    app = message.get("app_id")
    is_ours = app is None or app == payload.get("api_app_id", app)
    actions = sorted(action_ids(message.get("blocks") or ())) if is_ours else ()
    return next(filter(_REPORT_ACTION.match, actions), f"{REPORT.name}:")
