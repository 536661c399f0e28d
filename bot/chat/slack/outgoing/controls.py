"""Buttons, check boxes and menus, each with its own action_id."""

from collections.abc import Iterable, Sequence

from bot.chat.card import Button, Choice, Style
from bot.chat.kit.custom_ids import numbered, without_number
from bot.chat.platform_interface import Say
from bot.chat.slack.outgoing.mrkdwn import short_line, slack_text, text_object
from bot.chat.slack.payload import Json

ACTION_ID_MAX = 255
BUTTON_MAX = 75
OPTION_MAX = 75
PLACEHOLDER_MAX = 150
BUTTONS_IN_ROW = 5
MOST_BUTTONS = 20
MOST_OPTIONS = 100
MOST_CHECKBOXES = 10
# Begins the action_id of check boxes, which send nothing until their button is pressed.
TICKED = "ticked"
# The action_id of the menu with the buttons that have no room.
MORE = "more"
_STYLES: dict[Style, Json] = {"primary": {"style": "primary"}, "danger": {"style": "danger"}}


class ActionIds:
    def __init__(self) -> None:
        self._used: set[str] = set()

    def unique(self, action: str) -> str:
        """Empty where Slack would not take it."""
        action_id = numbered(action, self._used)
        if not action or len(action_id) > ACTION_ID_MAX:
            return ""
        self._used.add(action_id)
        return action_id

    def buttons(self, buttons: Iterable[Button]) -> list[Json]:
        with_ids = [(button, self.unique(button.action)) for button in buttons]
        return [_button(button, action_id) for button, action_id in with_ids if action_id]

    def choice(self, choice: Choice, say: Say) -> list[Json]:
        action_id = self.unique(choice.action)
        if not action_id:
            return []
        boxes = {"action_id": self.unique(f"{TICKED}/{choice.action}"), **_boxes(choice)}
        spoken = say("slack_send_choice", label=choice.label)
        send = Button(say("slack_send"), choice.action, "primary", spoken)
        elements = [boxes, _button(send, action_id)]
        return [{"type": "actions", "block_id": action_id, "elements": elements}]


def action_ids(blocks: Iterable[Json]) -> list[str]:
    return [
        without_number(str(element["action_id"]))
        for block in blocks
        for element in (*(block.get("elements") or ()), block.get("accessory") or {})
        if element.get("action_id")
    ]


def button_rows(buttons: Sequence[Json], say: Say) -> list[Json]:
    shown = buttons[:MOST_BUTTONS]
    rows = [
        _row(shown[start : start + BUTTONS_IN_ROW])
        for start in range(0, len(shown), BUTTONS_IN_ROW)
    ]
    options = [
        {"text": button["text"], "value": button["action_id"]}
        for button in buttons[MOST_BUTTONS:]
        if len(button["action_id"]) <= OPTION_MAX
    ]
    if options:
        menu = {
            "type": "static_select",
            "action_id": MORE,
            "placeholder": text_object(say("slack_more_buttons")),
            "options": options[:MOST_OPTIONS],
        }
        rows.append(_row([menu]))
    return rows


def _row(elements: Sequence[Json]) -> Json:
    return {"type": "actions", "elements": elements}


def _boxes(choice: Choice) -> Json:
    labels: dict[str, str] = {}
    for value, label in choice.options:
        if 0 < len(value) <= OPTION_MAX:
            labels.setdefault(value, short_line(label, OPTION_MAX))
    options = [{"text": text_object(label), "value": value} for value, label in labels.items()]
    if len(options) <= MOST_CHECKBOXES:
        return {"type": "checkboxes", "options": options}
    return {
        "type": "multi_static_select",
        "options": options[:MOST_OPTIONS],
        "placeholder": text_object(short_line(choice.label, PLACEHOLDER_MAX)),
    }


def _button(button: Button, action_id: str) -> Json:
    spoken = slack_text(button.spoken)
    label = {"accessibility_label": short_line(spoken, BUTTON_MAX)} if spoken.strip() else {}
    return {
        "type": "button",
        "text": text_object(short_line(slack_text(button.label), BUTTON_MAX)),
        "action_id": action_id,
        **_STYLES.get(button.style, {}),
        **label,
    }
