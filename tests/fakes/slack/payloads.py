"""How the service writes down what it remembers."""

import re
from typing import Any

from tests.fakes.slack import blocks
from tests.fakes.slack.world import (
    APP,
    IM,
    Act,
    Channel,
    File,
    Json,
    Message,
    Team,
    User,
    View,
    World,
)

VERIFICATION = "simulated-verification"
FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def user(one: User) -> Json:
    return {
        "id": one.id,
        "team_id": one.team,
        "name": one.handle,
        "deleted": one.deleted,
        "real_name": one.name,
        "tz": one.zone,
        "tz_label": one.zone,
        "tz_offset": 0,
        "profile": {"real_name": one.name, "display_name": one.name, "team": one.team},
        "is_admin": one.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": one.bot,
        "is_app_user": False,
        "updated": 0,
    }


def team(one: Team) -> Json:
    return {"id": one.id, "name": one.name, "domain": one.domain, "icon": {"image_default": True}}


def channel(world: World, one: Channel) -> Json:
    payload: Json = {
        "id": one.id,
        "created": 0,
        "is_archived": one.archived,
        "is_org_shared": False,
    }
    payload |= {"is_im": one.kind == IM, "context_team_id": one.team}
    bot = world.teams[one.team].bot
    if one.kind == IM:
        return {**payload, "user": next((member for member in one.members if member != bot), bot)}
    payload |= {
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": True,
        "is_group": one.kind == "group",
    }
    payload |= {
        "is_private": one.kind == "group",
        "is_mpim": False,
        "is_general": one.name == "general",
    }
    return {
        **payload,
        "is_member": bot in one.members,
        "creator": bot,
        "num_members": len(one.members),
    }


def named(one: Channel) -> Json:
    return {"id": one.id, "name": "directmessage" if one.kind == IM else one.name}


def bot(one: Team) -> Json:
    return {
        "id": f"B{one.bot[1:]}",
        "app_id": APP,
        "user_id": one.bot,
        "name": "torchproof",
        "deleted": False,
    }


def message(world: World, one: Message) -> Json:
    where = world.channels[one.channel]
    there = world.teams[where.team]
    payload: Json = {
        "type": "message",
        "user": one.user,
        "text": one.text,
        "ts": one.ts,
        "team": there.id,
    }
    if one.user == there.bot:
        profile: Json = {
            "id": f"B{there.bot[1:]}",
            "app_id": APP,
            "name": "torchproof",
            "team_id": there.id,
        }
        profile |= {
            "icons": {"image_36": "", "image_48": "", "image_72": ""},
            "deleted": False,
            "updated": 0,
        }
        payload |= {"bot_id": f"B{there.bot[1:]}", "app_id": APP, "bot_profile": profile}
    if one.blocks:
        payload["blocks"] = one.blocks
    if one.attachments:
        payload["attachments"] = one.attachments
    if one.files:
        payload["files"] = [file(world, world.files[name]) for name in one.files]
    if one.thread:
        payload["thread_ts"] = one.thread
    if one.edited:
        payload["edited"] = {"user": one.user, "ts": one.edited}
    if one.reactions:
        payload["reactions"] = reactions(one)
    return payload


def reactions(one: Message) -> list[Json]:
    """By name and skin tone apart, as they were given."""
    return [
        {"name": name, "users": list(who), "count": len(who)} for name, who in one.reactions.items()
    ]


def file(world: World, one: File) -> Json:
    url = f"{world.address}/files/{one.id}/{one.key}/{one.name}"
    kind = one.name.rpartition(".")[2].lower()
    mime = {"png": "image/png", "txt": "text/plain", "py": "text/x-python"}.get(
        kind, "application/octet-stream"
    )
    payload = {
        "id": one.id,
        "created": 0,
        "timestamp": 0,
        "name": one.name,
        "title": one.title or one.name,
    }
    payload |= {
        "mimetype": mime,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": world.teams[one.team].bot,
    }
    payload |= {
        "editable": False,
        "size": len(one.content or b""),
        "mode": "hosted",
        "is_external": False,
    }
    payload |= {
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
    }
    payload |= {"username": "", "url_private": url, "url_private_download": url, "alt_txt": one.alt}
    return {**payload, "permalink": url, "permalink_public": url, "user_team": one.team}


def view(world: World, one: View) -> Json:
    body = one.body
    person = world.teams[one.team].users[one.user]
    values = blocks.state(body["blocks"], person.drafts.get(one.id, {}))
    return {
        "id": one.id,
        "team_id": one.team,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""),
        "state": {"values": values},
        "hash": one.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": one.previous or None,
        "root_view_id": one.root,
        "app_id": APP,
        "app_installed_team_id": one.team,
        "bot_id": f"B{world.teams[one.team].bot[1:]}",
    }


def written(text: str) -> list[Json]:
    """The blocks of what a person types: sentences, and code between fences."""
    parts: list[Json] = []
    for number, piece in enumerate(FENCE.split(text)):
        if piece:
            kind = "rich_text_preformatted" if number % 2 else "rich_text_section"
            parts.append({"type": kind, "elements": [{"type": "text", "text": piece}]})
    return [{"type": "rich_text", "elements": parts}]


# What is sent to the bot


def who(world: World, act: Act) -> Json:
    one = world.teams[act.team].users[act.user]
    handle = user(one)["name"]
    return {"id": one.id, "username": handle, "name": handle, "team_id": one.team}


def interaction(world: World, act: Act, **more: Any) -> Json:
    """What all kinds of interaction tell, and more."""
    there = world.teams[act.team]
    payload: Json = {
        "type": act.kind,
        "team": {"id": there.id, "domain": there.domain, **_within(there)},
        "user": who(world, act),
        "api_app_id": APP,
        "token": VERIFICATION,
        "is_enterprise_install": False,
        "trigger_id": act.trigger,
    }
    return {**payload, **more}


def _within(there: Team) -> Json:
    return (
        {"enterprise_id": there.enterprise, "enterprise_name": "Guild"} if there.enterprise else {}
    )


def url(world: World, act: Act) -> str:
    return f"{world.address}/hooks/{act.url}"


def event(world: World, there: Team, sent: Json, event_id: str) -> Json:
    grant = {
        "enterprise_id": there.enterprise or None,
        "team_id": there.id,
        "user_id": there.bot,
        "is_bot": True,
    }
    return {
        "token": VERIFICATION,
        "team_id": there.id,
        "context_team_id": there.id,
        "api_app_id": APP,
        "event": sent,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(world.clock.now()),
        "authorizations": [{**grant, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
