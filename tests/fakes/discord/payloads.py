"""What is remembered, in the form in which it travels."""

import re
from typing import Any

from tests.fakes.discord.permissions import held
from tests.fakes.discord.world import (
    DM,
    EPHEMERAL,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    User,
    World,
)

MENTION = re.compile(r"<@!?(\d+)>")


def user(one: User) -> Json:
    return {
        "id": one.id,
        "username": one.name.lower().replace(" ", "_"),
        "global_name": None if one.bot else one.name,
        "avatar": None,
        "discriminator": "0000" if one.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "bot": one.bot,
        "primary_guild": None,
    }


def member(world: World, guild: Guild, one: str, channel: Channel | None = None) -> Json:
    """With a channel: as an interaction carries it, with what they may do there."""
    there = guild.members[one]
    shape: Json = {
        "user": user(world.users[one]),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": list(there.roles),
        "joined_at": there.joined,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    return shape if channel is None else {**shape, "permissions": str(held(world, one, channel))}


def role(guild: Guild, one: str) -> Json:
    known = guild.roles[one]
    return {
        "id": known.id,
        "name": known.name,
        "permissions": str(known.permissions),
        "position": 0 if known.id == guild.id else 1,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel(world: World, one: Channel) -> Json:
    if one.kind == DM:
        people = [user(world.users[each]) for each in one.recipients if each != world.bot.id]
        return {"id": one.id, "type": DM, "flags": 0, "last_message_id": None, "recipients": people}
    return {
        "id": one.id,
        "type": one.kind,
        "guild_id": one.guild,
        "name": one.name,
        "position": 0,
        "flags": 0,
        "nsfw": False,
        "topic": None,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            _overwrite(world.guilds[one.guild], one, each) for each in one.overwrites
        ],
    }


def _overwrite(guild: Guild, one: Channel, whose: str) -> Json:
    allow, deny = one.overwrites[whose]
    return {
        "id": whose,
        "type": int(whose not in guild.roles),
        "allow": str(allow),
        "deny": str(deny),
    }


def guild(one: Guild) -> Json:
    """As a REST answer has it; `arrival` adds what the gateway tells besides."""
    nothing = dict.fromkeys(
        "icon description home_header splash discovery_splash banner application_id "
        "afk_channel_id system_channel_id widget_channel_id max_presences vanity_url_code "
        "rules_channel_id safety_alerts_channel_id public_updates_channel_id "
        "incidents_data".split()
    )
    zero = dict.fromkeys(
        "system_channel_flags verification_level default_message_notifications mfa_level "
        "explicit_content_filter "
        "premium_tier premium_subscription_count nsfw_level".split(),
        0,
    )
    no = dict.fromkeys("widget_enabled premium_progress_bar_enabled nsfw".split(), False)
    return {
        **nothing,
        **zero,
        **no,
        "id": one.id,
        "name": one.name,
        "owner_id": one.owner,
        "features": [],
        "region": "deprecated",
        "preferred_locale": "en-US",
        "afk_timeout": 300,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "roles": [role(one, each) for each in one.roles],
        "emojis": [_emoji(each, name) for each, name in one.emojis.items()],
        "stickers": [],
    }


def _emoji(one: str, name: str) -> Json:
    no = dict.fromkeys(("managed", "animated"), False)
    return {"id": one, "name": name, "roles": [], "require_colons": True, "available": True, **no}


def arrival(world: World, one: Guild, *, everybody: bool) -> Json:
    """GUILD_CREATE; members other than the bot are told only with the members intent."""
    payload = list(one.members) if everybody else [world.bot.id]
    empty: dict[str, list[Any]] = {
        key: []
        for key in (
            "threads",
            "presences",
            "voice_states",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        )
    }
    return {
        **guild(one),
        **empty,
        "joined_at": one.members[world.bot.id].joined,
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(world, one, each) for each in payload],
        "channels": [channel(world, each) for each in world.of_guild(one.id)],
    }


def emoji(key: str) -> Json:
    name, _, known = key.rpartition(":")
    return {"id": known, "name": name, "animated": False} if name else {"id": None, "name": key}


def message(world: World, one: Message) -> Json:
    shape: Json = {
        "id": one.id,
        "type": one.kind,
        "channel_id": one.channel,
        "author": user(world.users[one.author]),
        "content": one.content,
        "mentions": [user(world.users[each]) for each in mentioned(world, one)],
        "mention_roles": [],
        "mention_everyone": pings_everyone(one),
        "attachments": [
            {**each, "ephemeral": True} if one.reader else each for each in one.attachments
        ],
        "embeds": one.embeds,
        "components": one.components,
        "timestamp": one.at,
        "edited_timestamp": one.edited,
        "flags": one.flags | (EPHEMERAL if one.reader else 0),
        "pinned": False,
        "tts": False,
    }
    if one.reactions:
        shape["reactions"] = [_counted(world, key, who) for key, who in one.reactions.items()]
    if one.reference:
        shape["message_reference"] = one.reference
    if one.interaction:
        shape |= {"application_id": world.bot.id, "webhook_id": world.bot.id}
        shape["interaction_metadata"] = metadata(world, one.interaction)
    return shape


def _counted(world: World, key: str, who: list[str]) -> Json:
    return {
        "emoji": emoji(key),
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "burst_colors": [],
        "me": world.bot.id in who,
        "me_burst": False,
    }


def owners(world: World, act: Interaction) -> dict[str, str]:
    """Whose installation lets it be used here: the guild's (0) or the person's own (1)."""
    where = world.channels[act.channel]
    found = {}
    if where.guild and world.bot.id in world.guilds[where.guild].members:
        found["0"] = where.guild
    if where.kind == DM:
        found["0"] = "0"
    if act.user in world.installed:
        found["1"] = act.user
    return found


def metadata(world: World, act: Interaction) -> Json:
    shape: Json = {
        "id": act.id,
        "type": act.kind,
        "user": user(world.users[act.user]),
        "authorizing_integration_owners": owners(world, act),
    }
    if act.kind == 3 and act.message:
        shape["interacted_message_id"] = act.message.id
    if act.kind == 5 and act.parent:
        shape["triggering_interaction_metadata"] = metadata(world, act.parent)
    if "target_id" in act.data:
        shape["target_message_id"] = act.data["target_id"]
    return shape


def spoken(one: Message) -> str:
    """The words in which a mention pings.

    They are the content and, in the newer form, every text display.
    """
    texts = [one.content]
    waiting = list(one.components)
    while waiting:
        part = waiting.pop()
        texts.append(part.get("content", ""))
        waiting += part.get("components", ())
    return "\n".join(texts)


def _allowed(one: Message, kind: str) -> bool:
    return one.allowed_mentions is None or kind in one.allowed_mentions.get("parse", ())


def mentioned(world: World, one: Message) -> list[str]:
    """Who is pinged. Without `allowed_mentions`, everybody whose mention stands in the text is."""
    named = [each for each in dict.fromkeys(MENTION.findall(spoken(one))) if each in world.users]
    listed = (one.allowed_mentions or {}).get("users", ())
    pinged = [each for each in named if _allowed(one, "users") or each in listed]
    return [*pinged, *(each for each in _replied(world, one) if each not in pinged)]


def _replied(world: World, one: Message) -> list[str]:
    """Whoever wrote what this replies to, unless `allowed_mentions` leaves them in peace."""
    there = world.messages.get((one.reference or {}).get("message_id", ""))
    calls = one.allowed_mentions is None or one.allowed_mentions.get("replied_user")
    return [there.author] if there and calls else []


def pings_everyone(one: Message) -> bool:
    words = spoken(one)
    return ("@everyone" in words or "@here" in words) and _allowed(one, "everyone")
