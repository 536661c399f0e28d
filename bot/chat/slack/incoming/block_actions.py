"""block_actions: a button that was pressed, or an entry of a menu."""

from bot.chat.kit.custom_ids import without_number
from bot.chat.port import Press
from bot.chat.slack.identifiers import by_url, direct, is_direct, place_of, time_of, user_of
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.controls import MORE, TICKED
from bot.chat.slack.payload import Json, member_of, part, team_of, text, thread_of
from bot.identity import MessageRef


def read(payload: Json) -> Interaction | None:
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
        private_card = by_url(place, response_url)
    elif message and is_direct(channel):
        private_card = direct(place, channel, ts)
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
    for action_id, field in part(
        payload,
        "state",
        "values",
        text(button, "block_id"),
    ).items():
        if action_id.startswith(f"{TICKED}/"):
            options = field.get("selected_options") or ()
            return tuple(str(option["value"]) for option in options)
    return ()
