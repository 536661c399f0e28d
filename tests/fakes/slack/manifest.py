"""An app's manifest, as the service takes it: what it may say, and what the app is then."""

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.world import App, Json

KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "background_color", "long_description"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains"},
    "features/app_home": {
        "home_tab_enabled",
        "messages_tab_enabled",
        "messages_tab_read_only_enabled",
    },
    "features/bot_user": {"display_name", "always_online"},
    "oauth_config": {"redirect_urls", "scopes"},
    "oauth_config/scopes": {"bot", "user"},
    "settings": {
        "allowed_ip_address_ranges",
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings/event_subscriptions": {"request_url", "bot_events", "user_events"},
    "settings/interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}
COMMAND = {"command", "url", "description", "usage_hint", "should_escape"}
SHORTCUT = {"name", "type", "callback_id", "description"}
SCOPE = re.compile(r"[a-z_]+(:[a-z_.]+)*")
NEEDS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
}


def wrong(manifest: Json) -> list[str]:
    return [*_unknown(manifest, ""), *_words(manifest), *_commands(manifest), *_settings(manifest)]


def _at(manifest: Json, path: str, otherwise: Any = None) -> Any:
    found: Any = manifest
    for step in path.split("/"):
        found = found.get(step, {}) if isinstance(found, dict) else {}
    return found or otherwise


def _unknown(node: Any, path: str) -> Iterator[str]:
    if path not in KEYS:
        return
    if not isinstance(node, dict):
        yield f"{path}: must be an object"
        return
    yield from (f"{path}/{key}: no such key" for key in sorted(set(node) - KEYS[path]))
    for key, value in node.items():
        yield from _unknown(value, f"{path}/{key}".strip("/"))


def _words(manifest: Json) -> Iterator[str]:
    limits = {
        "display_information/name": 35,
        "display_information/description": 140,
        "features/bot_user/display_name": 80,
    }
    for path, most in limits.items():
        sent = _at(manifest, path, "")
        if not isinstance(sent, str) or len(sent) > most:
            yield f"{path}: {most} characters at most"
    if not _at(manifest, "display_information/name", ""):
        yield "display_information/name: missing"
    for scope in _at(manifest, "oauth_config/scopes/bot", []):
        if not SCOPE.fullmatch(scope):
            yield f"oauth_config/scopes/bot: {scope!r} is no scope"


def _commands(manifest: Json) -> Iterator[str]:
    commands, shortcuts = (
        _at(manifest, "features/slash_commands", []),
        _at(manifest, "features/shortcuts", []),
    )
    if len(commands) > 50 or len(shortcuts) > 10:
        yield "features: 50 commands and 10 shortcuts at most"
    for one in commands:
        yield from (
            f"{one.get('command')}/{key}: no such key" for key in sorted(set(one) - COMMAND)
        )
        if not re.fullmatch(r"/[a-z0-9_\-]{1,31}", str(one.get("command"))):
            yield f"{one.get('command')}: a slash and up to 31 small letters"
        if not 0 < len(one.get("description", "")) <= 2000 or len(one.get("usage_hint", "")) > 1000:
            yield f"{one.get('command')}: a description, and a hint of 1000 characters at most"
    for one in shortcuts:
        yield from (
            f"{one.get('callback_id')}/{key}: no such key" for key in sorted(set(one) - SHORTCUT)
        )
        if one.get("type") not in {"message", "global"} or not one.get("callback_id"):
            yield f"{one.get('name')}: of type message or global, with a callback_id"
        if not 0 < len(one.get("name", "")) <= 24 or not 0 < len(one.get("description", "")) <= 150:
            yield f"{one.get('name')}: a name of 24 and a description of 150 characters at most"


def _settings(manifest: Json) -> Iterator[str]:
    scopes = set(_at(manifest, "oauth_config/scopes/bot", []))
    for event in _at(manifest, "settings/event_subscriptions/bot_events", []):
        if NEEDS.get(event, "") not in {"", *scopes}:
            yield f"settings/event_subscriptions/bot_events: {event} needs {NEEDS[event]}"
    commands = _at(manifest, "features/slash_commands", [])
    if commands and "commands" not in scopes:
        yield "oauth_config/scopes/bot: slash commands need the scope commands"
    if not _at(manifest, "settings/socket_mode_enabled"):
        if any(not one.get("url") for one in commands):
            yield "features/slash_commands: without Socket Mode each needs a url"
        for path in (
            "settings/event_subscriptions/request_url",
            "settings/interactivity/request_url",
        ):
            if not _at(manifest, path, ""):
                yield f"{path}: needed without Socket Mode"


def configure(app: App, manifest: Json) -> None:
    commands = _at(manifest, "features/slash_commands", [])
    app.commands = {one["command"]: one for one in commands}
    app.shortcuts = {
        one["callback_id"]: one["type"] for one in _at(manifest, "features/shortcuts", [])
    }
    app.scopes = frozenset(_at(manifest, "oauth_config/scopes/bot", []))
    app.events = frozenset(_at(manifest, "settings/event_subscriptions/bot_events", []))
    app.manifest = manifest
    app.home = bool(_at(manifest, "features/app_home/home_tab_enabled"))
