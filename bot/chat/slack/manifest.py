"""The manifest of the Slack app."""

from bot.chat.slack.incoming.http_routes import EVENTS_PATH, REDIRECT_PATH
from bot.chat.slack.incoming.interaction_payloads import REPORT_QUESTION, RUN_MESSAGE
from bot.chat.slack.outgoing.mrkdwn import QUIZ_COMMAND, RUN_COMMAND
from bot.chat.slack.payload import Json
from bot.commands import RUN, VERBS

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "users:read",
)
BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
    "user_change",
)
NAME = "Torchproof"
USAGE_HINT_MAX = 100
DESCRIPTION = (
    "Study-group questions about PyTorch and recurrent networks, each with a proof that runs."
)


def manifest(address: str = "") -> Json:
    # Without an address, for Socket Mode.
    redirects = {"redirect_urls": [address + REDIRECT_PATH]} if address else {}
    return {
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "background_color": "#2c2d72",
        },
        "features": _features(address),
        "oauth_config": {**redirects, "scopes": {"bot": list(SCOPES)}},
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
            _command(
                QUIZ_COMMAND,
                "Questions, packs, boards and more",
                _usage_hint(),
                address,
            ),
            _command(RUN_COMMAND, RUN.summary, "[cpu|gpu] code", address),
        ],
    }


def _settings(address: str) -> Json:
    url = {"request_url": address + EVENTS_PATH} if address else {}
    return {
        "event_subscriptions": {**url, "bot_events": list(BOT_EVENTS)},
        "interactivity": {"is_enabled": True, **url},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not address,
        "token_rotation_enabled": False,
    }


def _command(name: str, description: str, usage_hint: str, address: str) -> Json:
    url = {"url": address + EVENTS_PATH} if address else {}
    return {
        "command": name,
        "description": description,
        "usage_hint": usage_hint,
        "should_escape": True,
        **url,
    }


def _usage_hint() -> str:
    hint = ""
    for name in (verb.name for verb in VERBS if verb is not RUN):
        longer = f"{hint}|{name}" if hint else name
        if len(longer) > USAGE_HINT_MAX - 2:
            return f"{hint}|…"
        hint = longer
    return hint
