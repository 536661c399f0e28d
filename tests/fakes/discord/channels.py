"""REST: channels, their messages and the reactions under them."""

import re
import unicodedata

from tests.fakes.discord import messages, payloads
from tests.fakes.discord.calls import NOTHING, Answer, Call, Route
from tests.fakes.discord.permissions import may
from tests.fakes.discord.rates import MESSAGE, MESSAGES
from tests.fakes.discord.refusals import malformed, refusal
from tests.fakes.discord.world import V2, Json, Message, World

EMOJI = f"{MESSAGE}/reactions/{{emoji_name}}"
KINDS_PER_MESSAGE = 20
CREATED = V2 | 4 | 1 << 12
"""Flags that a new message may have: V2, no embeds, silent."""


def show(call: Call) -> Answer:
    return Answer(payloads.channel(call.world, messages.opened(call.world, call["channel_id"])))


def history(call: Call) -> Answer:
    channel = messages.opened(call.world, call["channel_id"], "READ_MESSAGE_HISTORY")
    there = [message for message in call.world.in_channel(channel.id) if not message.reader]
    there.sort(key=lambda message: int(message.id), reverse=True)
    if "before" in call.query:
        there = [message for message in there if int(message.id) < int(call.query["before"])]
    if "after" in call.query:
        there = [message for message in there if int(message.id) > int(call.query["after"])]
        there = there[-int(call.query.get("limit", "50")) :]
    limit = int(call.query.get("limit", "50"))
    if not 1 <= limit <= 100:
        raise malformed({"limit": "Must be 1 to 100."})
    return Answer([payloads.message(call.world, message) for message in there[:limit]])


def get(call: Call) -> Answer:
    message = messages.found(
        call.world, call["channel_id"], call["message_id"], "READ_MESSAGE_HISTORY"
    )
    return Answer(payloads.message(call.world, message))


def create(call: Call) -> Answer:
    world, sent = call.world, call.sent
    needed = ("SEND_MESSAGES", "ATTACH_FILES") if call.files else ("SEND_MESSAGES",)
    channel = messages.opened(world, call["channel_id"], *needed)
    if (sent.get("flags") or 0) & ~CREATED:
        raise malformed({"flags": "A message in a channel cannot have these flags."})
    nonce, now = sent.get("nonce"), world.clock.now()
    before = (
        call.nonces.find(channel.id, str(nonce), now)
        if nonce is not None and sent.get("enforce_nonce")
        else None
    )
    message = before or messages.say(world, channel, sent, call.files)
    if nonce is None:
        return Answer(payloads.message(world, message))
    if before is None:
        call.nonces.keep(channel.id, str(nonce), now, message)
    return Answer({**payloads.message(world, message), "nonce": nonce})


def edit(call: Call) -> Answer:
    world = call.world
    message = messages.found(world, call["channel_id"], call["message_id"])
    if message.author != world.bot.id:
        raise refusal(50005)
    if messages.is_old(world, message):
        call.rates.hidden("old edits", message.channel, world.clock.elapsed())
    if wrong := messages.wrong_v2(message, call.sent):
        raise wrong
    messages.change(world, message, call.sent, call.files)
    return Answer(payloads.message(world, message))


def delete(call: Call) -> Answer:
    world = call.world
    message = messages.found(world, call["channel_id"], call["message_id"])
    channel = world.channels[message.channel]
    if message.author != world.bot.id and not may(world, world.bot.id, channel, "MANAGE_MESSAGES"):
        raise refusal(50013)
    messages.remove(world, message)
    return NOTHING


def typing(call: Call) -> Answer:
    messages.opened(call.world, call["channel_id"], "SEND_MESSAGES")
    return NOTHING


# Reactions


def known_emoji(world: World, name: str) -> str:
    """How an emoji is kept: the character itself, or name:id of one that a guild here has."""
    given, _, custom = name.rpartition(":")
    if given:
        for guild in world.guilds.values():
            if guild.emojis.get(custom) == given.removeprefix("a:"):
                return f"{guild.emojis[custom]}:{custom}"
        raise refusal(10014)
    if not _looks_like_emoji(name):
        raise refusal(10014)
    return name


def _looks_like_emoji(text: str) -> bool:
    if re.fullmatch("[0-9#*]\ufe0f?\u20e3", text):
        return True
    kinds = {unicodedata.category(letter) for letter in text}
    return bool(text) and "So" in kinds and kinds <= {"So", "Sk", "Mn", "Me", "Cf", "Sm", "Po"}


def same(message: Message, emoji: str) -> str:
    """The key under which the same emoji stands there, with or without its variation sign."""
    bare = emoji.replace("\ufe0f", "")
    return next((key for key in message.reactions if key.replace("\ufe0f", "") == bare), emoji)


def reaction_event(world: World, message: Message, user: str, emoji: str) -> Json:
    event: Json = {
        "user_id": user,
        "channel_id": message.channel,
        "message_id": message.id,
        "emoji": payloads.emoji(emoji),
        "burst": False,
        "type": 0,
    }
    guild = world.channels[message.channel].guild
    return {**event, "guild_id": guild} if guild else event


def add(world: World, message: Message, user: str, emoji: str) -> None:
    key = same(message, emoji)
    who = message.reactions.setdefault(key, [])
    if user in who:
        return
    who.append(user)
    event = {
        **reaction_event(world, message, user, key),
        "message_author_id": message.author,
        "burst_colors": [],
    }
    channel = world.channels[message.channel]
    if channel.guild:
        event["member"] = payloads.member(world, world.guilds[channel.guild], user)
    world.dispatch("MESSAGE_REACTION_ADD", event, channel, "")
    world.touch()


def take(world: World, message: Message, user: str, emoji: str) -> None:
    key = same(message, emoji)
    if user not in message.reactions.get(key, ()):
        return
    message.reactions[key].remove(user)
    if not message.reactions[key]:
        del message.reactions[key]
    channel = world.channels[message.channel]
    world.dispatch(
        "MESSAGE_REACTION_REMOVE", reaction_event(world, message, user, key), channel, ""
    )
    world.touch()


def _reacted(call: Call, *needed: str) -> tuple[Message, str]:
    message = messages.found(
        call.world, call["channel_id"], call["message_id"], "READ_MESSAGE_HISTORY", *needed
    )
    return message, known_emoji(call.world, call["emoji_name"])


def react(call: Call) -> Answer:
    message, emoji = _reacted(call)
    if same(message, emoji) not in message.reactions:
        messages.opened(call.world, message.channel, "ADD_REACTIONS")
        if len(message.reactions) >= KINDS_PER_MESSAGE:
            raise refusal(30010)
    add(call.world, message, call.world.bot.id, emoji)
    return NOTHING


def unreact(call: Call) -> Answer:
    message, emoji = _reacted(call)
    take(call.world, message, call.world.bot.id, emoji)
    return NOTHING


def unreact_other(call: Call) -> Answer:
    message, emoji = _reacted(call, "MANAGE_MESSAGES")
    take(call.world, message, call["user_id"], emoji)
    return NOTHING


def reactors(call: Call) -> Answer:
    message, emoji = _reacted(call)
    after, limit = int(call.query.get("after", "0")), int(call.query.get("limit", "25"))
    who = sorted(message.reactions.get(same(message, emoji), ()), key=int)
    return Answer([payloads.user(call.world.users[one]) for one in who if int(one) > after][:limit])


def clear(call: Call) -> Answer:
    world = call.world
    message = messages.found(
        world, call["channel_id"], call["message_id"], "READ_MESSAGE_HISTORY", "MANAGE_MESSAGES"
    )
    message.reactions.clear()
    channel = world.channels[message.channel]
    payload = {"channel_id": channel.id, "message_id": message.id}
    world.dispatch(
        "MESSAGE_REACTION_REMOVE_ALL",
        {**payload, **({"guild_id": channel.guild} if channel.guild else {})},
        channel,
        "",
    )
    world.touch()
    return NOTHING


def clear_emoji(call: Call) -> Answer:
    message, emoji = _reacted(call, "MANAGE_MESSAGES")
    message.reactions.pop(same(message, emoji), None)
    channel = call.world.channels[message.channel]
    event = reaction_event(call.world, message, "", emoji)
    payload: Json = {
        key: event[key] for key in ("channel_id", "message_id", "emoji", "guild_id") if key in event
    }
    call.world.dispatch("MESSAGE_REACTION_REMOVE_EMOJI", payload, channel, "")
    call.world.touch()
    return NOTHING


ROUTES = (
    Route("GET", "/channels/{channel_id}", show),
    Route("GET", MESSAGES, history),
    Route("POST", MESSAGES, create),
    Route("GET", MESSAGE, get),
    Route("PATCH", MESSAGE, edit),
    Route("DELETE", MESSAGE, delete),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("DELETE", f"{MESSAGE}/reactions", clear),
    Route("PUT", f"{EMOJI}/@me", react),
    Route("DELETE", f"{EMOJI}/@me", unreact),
    Route("DELETE", f"{EMOJI}/{{user_id}}", unreact_other),
    Route("GET", EMOJI, reactors),
    Route("DELETE", EMOJI, clear_emoji),
)
