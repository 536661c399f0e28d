"""Commands and buttons that lead nowhere."""

from bot.commands import find_action
from bot.phrases.sentences.sentence import Sentences


def _admins_only(verb: str) -> str:
    command = find_action(verb).verb or verb
    return (
        f"Only an admin of this place may use `/{command}`. On a server that is "
        "who may manage it, or has the role that an admin chose; on Slack it is an admin of the "
        "workspace, or whom one of them named; on the web it is whoever opened the owner’s link."
    )


SENTENCES: Sentences = {
    "unknown_command": "I do not know that one. `/help` shows what I can do.",
    "admins_only": _admins_only,
    "button_outdated": "That button leads nowhere any more. `/help` shows what I can do.",
    "report_reason_unknown": "Choose one of the reasons on the card.",
    "repair_incomplete": (
        "Say who, which day and why: "
        "`/repair member:Ada day:2026-03-02 the train had no network`. "
        "A blank in a name is written `_`."
    ),
}
