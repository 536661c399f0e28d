"""The app as Slack is told of it, made from the one list of what can be asked."""

from typing import Any

from bot.chat.slack.incoming.http_routes import BACK, EVENTS
from bot.chat.slack.incoming.payloads import REPORT_QUESTION, RUN_MESSAGE
from bot.chat.slack.outgoing.mrkdwn import COMMAND, RUN
from bot.commands import VERBS

Json = dict[str, Any]

SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "chat:write", "commands", "files:read", "files:write",
    "groups:history", "im:history", "im:write", "mpim:history", "reactions:read", "reactions:write", "users:read",
)  # fmt: skip
EVENTS_HEARD = (
    "app_home_opened", "app_mention", "app_uninstalled", "message.channels", "message.groups", "message.im",
    "message.mpim", "reaction_added", "tokens_revoked", "user_change",
)  # fmt: skip
NAME = "Torchproof"
HINT = 100
BLURB = "Study-group questions about PyTorch and recurrent networks, each with a proof that runs."


def manifest(address: str = "") -> Json:
    """By Socket Mode, or by calls to an address of ours, which must be https."""
    return {
        "display_information": {"name": NAME, "description": BLURB, "background_color": "#2c2d72"},
        "features": _features(address),
        "oauth_config": {
            **({"redirect_urls": [address + BACK]} if address else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": _settings(address),
    }


def _features(address: str) -> Json:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": [
            {
                "name": "Run PyTorch",
                "type": "message",
                "callback_id": RUN_MESSAGE,
                "description": "Run its code",
            },
            {
                "name": "Report question",
                "type": "message",
                "callback_id": REPORT_QUESTION,
                "description": "Tell the admins what is wrong with it",
            },
        ],
        "slash_commands": [
            _command(COMMAND, "Questions, packs, boards and more", _hint(), address),
            _command(RUN, _summary("run"), "[cpu|gpu] code", address),
        ],
    }


def _settings(address: str) -> Json:
    url = {"request_url": address + EVENTS} if address else {}
    return {
        "event_subscriptions": {**url, "bot_events": list(EVENTS_HEARD)},
        "interactivity": {"is_enabled": True, **url},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not address,
        "token_rotation_enabled": False,
    }


def _command(name: str, summary: str, hint: str, address: str) -> Json:
    url = {"url": address + EVENTS} if address else {}
    return {
        "command": name,
        "description": summary,
        "usage_hint": hint,
        "should_escape": True,
        **url,
    }


def _hint() -> str:
    """As many verbs as Slack shows."""
    hint = ""
    for name in (verb.name for verb in VERBS if verb.name != "run"):
        longer = f"{hint}|{name}" if hint else name
        if len(longer) > HINT - 2:
            return f"{hint}|…"
        hint = longer
    return hint


def _summary(name: str) -> str:
    return next(verb.summary for verb in VERBS if verb.name == name)
