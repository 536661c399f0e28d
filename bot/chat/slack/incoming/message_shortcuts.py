"""Message shortcuts: run the code of a message, or report its question."""

import re
from datetime import datetime

from bot.chat.port import Press
from bot.chat.slack.identifiers import place_of
from bot.chat.slack.incoming.typed_text import code_in_any_message
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.controls import action_ids
from bot.chat.slack.payload import Json, member_of, team_of, text, thread_of
from bot.commands import REPORT, RUN
from bot.identity import MessageRef

RUN_MESSAGE = "run_message"
REPORT_QUESTION = "report_question"
_REPORT_ACTION = re.compile(rf"{REPORT.name}:[0-9]+\Z")


def read(payload: Json, at: datetime) -> Interaction:
    message = payload["message"]
    person = member_of(payload)
    place = place_of(team_of(payload), payload["channel"]["id"])
    act = str(payload["trigger_id"])
    if payload["callback_id"] == RUN_MESSAGE:
        code = code_in_any_message(text(message, "text"))
        posted = MessageRef(place, str(message["ts"]))
        event = Press(act, person, place, posted, RUN.name, at, (code,) if code else ())
    else:
        event = Press(act, person, place, None, _report_action(payload), at)
    return Interaction(event, text(payload, "response_url"), thread_ts=thread_of(payload))


def _report_action(payload: Json) -> str:
    """Without a number where the message shows no question of this app."""
    message = payload["message"]
    app = message.get("app_id")
    is_ours = app is None or app == payload.get("api_app_id", app)
    for action in sorted(action_ids(message.get("blocks") or ())) if is_ours else ():
        if _REPORT_ACTION.match(action):
            return action
    return f"{REPORT.name}:"
