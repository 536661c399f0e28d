"""Messages: said once for each nonce, edited by their author, seen by who may."""

import mimetypes
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import payloads, validation
from tests.fakes.discord.components import placed
from tests.fakes.discord.permissions import may
from tests.fakes.discord.refusals import Refusal, malformed, refusal
from tests.fakes.discord.snowflakes import written_at
from tests.fakes.discord.world import DM, LOADING, V2, Channel, Interaction, Json, Message, World

NONCE_S = 300.0
"""How long a nonce is remembered."""
OLD_S = 3600.0
Files = dict[str, tuple[str, bytes]]
"""By form field ("files[0]"): name and content."""


@dataclass
class Nonces:
    known: dict[tuple[str, str], tuple[float, Message]] = field(default_factory=dict)

    def find(self, channel: str, nonce: str, now: float) -> Message | None:
        since, message = self.known.get((channel, nonce), (-NONCE_S, None))
        return message if now - since < NONCE_S else None

    def keep(self, channel: str, nonce: str, now: float, message: Message) -> None:
        self.known[channel, nonce] = now, message


# What may be said


def attached(world: World, said: Json, files: Files, before: list[Json]) -> list[Json]:
    """The attachments as they stand afterwards: what was kept, and what was sent."""
    listed = said.get("attachments")
    wanted = [dict(each) for each in listed or []]
    kept = [
        each
        for each in before
        if listed is None or any(str(one.get("id")) == each["id"] for one in wanted)
    ]
    sent = []
    for key, (name, content) in files.items():
        number = key.removeprefix("files[").removesuffix("]")
        entry: Json = next((one for one in wanted if str(one.get("id")) == number), {})
        sent.append(stored(world, entry.get("filename") or name, content, entry))
    _weigh(files)
    known = {each["id"] for each in kept} | {
        key.removeprefix("files[").removesuffix("]") for key in files
    }
    for place, one in enumerate(wanted):
        if str(one.get("id")) not in known:
            raise malformed({f"attachments.{place}.id": "There is no such file."})
    return kept + sent


def _weigh(files: Files) -> None:
    weights = [len(content) for _, content in files.values()]
    if (
        any(weight > validation.FILE_BYTES for weight in weights)
        or sum(weights) > validation.REQUEST_BYTES
    ):
        raise refusal(40005)


def stored(world: World, name: str, content: bytes, entry: Json) -> Json:
    one = world.ids.next()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    world.files[one] = (kind, content)
    url = f"{world.address}/cdn/attachments/{one}/{name}"
    shape = {
        "id": one,
        "filename": name,
        "size": len(content),
        "url": url,
        "proxy_url": url,
        "content_type": kind,
    }
    return {**shape, "description": entry["description"]} if entry.get("description") else shape


def fill(world: World, message: Message, sent: Json, files: Files) -> None:
    """Put into a message what was said, after all that is wrong with it was refused."""
    flags = message.flags | ((sent.get("flags") or 0) & (V2 | 4))
    whole: Json = {
        "content": sent.get("content", message.content),
        "embeds": sent.get("embeds", message.embeds),
        "components": sent.get("components", message.components),
    }
    message_files = attached(world, sent, files, message.attachments)
    asked: Json = {
        key: sent[key]
        for key in ("nonce", "allowed_mentions", "poll", "sticker_ids")
        if key in sent
    }
    problems = validation.message({**asked, **whole, "attachments": message_files}, flags)
    problems |= _missing_files(whole["components"] or [], message_files)
    if problems:
        raise malformed(problems)
    if validation.is_empty({**whole, "attachments": message_files}):
        raise refusal(50006)
    message.flags = flags & ~LOADING
    message.attachments = message_files
    message.content = whole["content"] or ""
    message.embeds = [{"type": "rich", **each} for each in whole["embeds"] or []]
    message.components = placed(world, whole["components"] or [], message_files)
    message.allowed_mentions = sent.get("allowed_mentions")


def _missing_files(components: list[Json], files: list[Json]) -> dict[str, str]:
    names = {f"attachment://{each['filename']}" for each in files}
    missing: dict[str, str] = {}
    for path, url in _urls(components, "components"):
        if url.startswith("attachment://") and url not in names:
            missing[path] = f"There is no file for {url}."
    return missing


def _urls(part: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(part, list):
        return [
            found for number, each in enumerate(part) for found in _urls(each, f"{path}.{number}")
        ]
    if not isinstance(part, dict):
        return []
    here = [(f"{path}.url", part["url"])] if isinstance(part.get("url"), str) else []
    return here + [found for key, each in part.items() for found in _urls(each, f"{path}.{key}")]


# Acts


def say(
    world: World,
    channel: Channel,
    sent: Json,
    files: Files,
    *,
    author: str = "",
    reader: str = "",
    act: Interaction | None = None,
) -> Message:
    message = Message(
        world.ids.next(), channel.id, author or world.bot.id, world.clock.iso(), reader=reader
    )
    message.interaction = act
    if sent.get("message_reference"):
        _refer(world, message, **sent["message_reference"])
    fill(world, message, sent, files)
    keep(world, message, nonce=sent.get("nonce"))
    return message


def _refer(
    world: World, message: Message, message_id: str, *, fail_if_not_exists: bool = True, **_: Any
) -> None:
    """A reply; to a message that is gone it is refused, unless whoever writes it does not mind."""
    there = world.messages.get(message_id)
    if there is None or there.channel != message.channel:
        if fail_if_not_exists:
            raise malformed({"message_reference": "Unknown message."})
        return
    message.kind, message.reference = (
        19,
        {"type": 0, "message_id": message_id, "channel_id": message.channel},
    )


def keep(world: World, message: Message, nonce: Any = None) -> None:
    """Remember a new message and tell of it."""
    world.messages[message.id] = message
    channel = world.channels[message.channel]
    payload = payloads.message(world, message)
    if nonce is not None:
        payload["nonce"] = nonce
    world.dispatch("MESSAGE_CREATE", {**payload, **_whose(world, message, channel)}, channel, "")
    if message.interaction:
        message.interaction.message_ids.append(message.id)
    world.touch()


def _whose(world: World, message: Message, channel: Channel) -> Json:
    """A guild's message tells the guild and the author's membership; an ephemeral one does not."""
    if not channel.guild or message.reader:
        return {}
    guild = world.guilds[channel.guild]
    there = {"guild_id": guild.id}
    if message.author not in guild.members:
        return there
    member = payloads.member(world, guild, message.author)
    return {**there, "member": {key: value for key, value in member.items() if key != "user"}}


def change(world: World, message: Message, sent: Json, files: Files) -> None:
    fill(world, message, sent, files)
    message.edited = world.clock.iso()
    message.edits += 1
    tell_changed(world, message)


def tell_changed(world: World, message: Message) -> None:
    channel = world.channels[message.channel]
    payload = {**payloads.message(world, message), **_whose(world, message, channel)}
    world.dispatch("MESSAGE_UPDATE", payload, channel, "")
    world.touch()


def remove(world: World, message: Message) -> None:
    del world.messages[message.id]
    channel = world.channels[message.channel]
    payload = {"id": message.id, "channel_id": channel.id}
    world.dispatch(
        "MESSAGE_DELETE",
        {**payload, "guild_id": channel.guild} if channel.guild else payload,
        channel,
        "",
    )
    world.touch()


def remove_many(world: World, several: list[Message]) -> None:
    for message in several:
        del world.messages[message.id]
    channel = world.channels[several[0].channel]
    payload: Json = {"ids": [message.id for message in several], "channel_id": channel.id}
    name = "MESSAGE_DELETE_BULK"
    world.dispatch(
        name, {**payload, "guild_id": channel.guild} if channel.guild else payload, channel, ""
    )
    world.touch()


# Who may


def opened(world: World, channel: str, *needed: str) -> Channel:
    """The channel, if the bot may do there what is needed."""
    if channel not in world.channels:
        raise refusal(10003)
    where, bot = world.channels[channel], world.bot.id
    if not may(world, bot, where, "VIEW_CHANNEL"):
        raise refusal(50001)
    if not may(world, bot, where, *needed):
        raise refusal(50013)
    if where.kind == DM and "SEND_MESSAGES" in needed:
        person = world.users[where.recipients[1]]
        if not person.takes_dms or not world.shared(person.id):
            raise refusal(50007)
    return where


def found(world: World, channel: str, message: str, *needed: str) -> Message:
    """A message that the bot reaches by its channel: never an ephemeral one."""
    where = opened(world, channel, *needed)
    there = world.messages.get(message)
    if there is None or there.channel != where.id or there.reader:
        raise refusal(10008)
    return there


def is_old(world: World, message: Message) -> bool:
    return world.clock.now() - written_at(message.id) > OLD_S


def wrong_v2(message: Message, sent: Json) -> Refusal | None:
    """A message in the newer form never goes back."""
    flags = sent.get("flags")
    if message.flags & V2 and isinstance(flags, int) and not flags & V2:
        return malformed({"flags": "The V2 flag cannot be taken away."})
    return None
