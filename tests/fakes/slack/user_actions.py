"""What people do at their screens.

Whatever their client would not let them do is denied, with the reason.
"""

import re
from typing import Any

from tests.fakes.denied import Denied
from tests.fakes.slack import acts, blocks, chat, files, modals, payloads, validation
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.world import APP, IM, Act, Json, Message, User, View, World

NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


# Seeing


def look(world: World, user: str, channel: str) -> list[Json]:
    """Every message as this person has it before them, the oldest first."""
    where = world.channels[channel]
    if user not in where.members:
        return []
    there = [one for one in world.in_channel(channel) if one.reader in {"", user}]
    return [
        _seen(world, one)
        for one in sorted(there, key=lambda one: [int(part) for part in one.ts.split(".")])
    ]


def _seen(world: World, message: Message) -> Json:
    team = world.teams[world.channels[message.channel].team]
    sent = message.blocks or message.text
    extra: Json = {"id": message.id, "private": bool(message.reader), "edits": message.edits}
    extra |= {
        "blocks": message.blocks,
        "by_bot": message.user == team.bot,
        "pings": validation.pings(sent),
    }
    extra["words"] = list(blocks.words(message.blocks)) or [message.text]
    extra["words"] += [world.files[one].alt for one in message.files]
    extra["reactors"] = {
        name: [team.users[one].name for one in who] for name, who in message.reactions.items()
    }
    return {**payloads.message(world, message), **extra}


def screen(world: World, user: str) -> Json:
    """The home tab and the modal on top, as they stand."""
    _, person = world.known(user)
    top = person.stack[-1] if person.stack else None
    home = person.home
    return {
        "version": world.version,
        "home": payloads.view(world, home) if home else None,
        "modal": {**payloads.view(world, top), "errors": top.errors} if top else None,
        "depth": len(person.stack),
    }


def before(world: World, user: str, message: str) -> Message:
    there = world.messages.get(message)
    if there is None:
        raise Denied("the message is gone")
    if there.reader not in {"", user}:
        raise Denied("the message is somebody else's, and private")
    if user not in world.channels[there.channel].members:
        raise Denied("they are not in this channel")
    return there


# Pressing and choosing


def press(
    delivery: Delivery, user: str, message: str, wanted: str, values: list[str] | None
) -> Act:
    """Click or choose, on the message as it stands now."""
    world = delivery.world
    there = before(world, user, message)
    block, element = _usable(there.blocks, wanted)
    person = world.known(user)[1]
    act = acts.begin(
        world,
        acts.PRESS,
        user,
        channel=world.channels[there.channel],
        message=there,
        name=element["action_id"],
    )
    action = _deed(person, there.id, block, element, values, act.id)
    return delivery.act(act, {**_on_message(world, act, there, person), "actions": [action]})


def press_view(
    delivery: Delivery, user: str, view: str, wanted: str, values: list[str] | None
) -> Act:
    """Click or choose, in a modal or on the home tab."""
    world, there = delivery.world, _view(delivery.world, user, view)
    block, element = _usable(there.body["blocks"], wanted)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Denied(f"{wanted!r} is filled in and sent with the whole view")
    person = world.known(user)[1]
    act = acts.begin(world, acts.PRESS, user, view=there, name=element["action_id"])
    action = _deed(person, there.id, block, element, values, act.id)
    payload = payloads.interaction(world, act, container={"type": "view", "view_id": there.id})
    return delivery.act(act, {**payload, "view": payloads.view(world, there), "actions": [action]})


def forge(delivery: Delivery, user: str, message: str, action: str, values: list[str]) -> Act:
    """What no client offers: as when the message was replaced between the look and the click."""
    world = delivery.world
    there = before(world, user, message)
    act = acts.begin(
        world, acts.PRESS, user, channel=world.channels[there.channel], message=there, name=action
    )
    deed: Json = {"type": "button", "action_id": action, "block_id": "gone", "action_ts": act.id}
    deed["text"] = {"type": "plain_text", "text": "gone", "emoji": True}
    payload = {**_on_message(world, act, there, world.known(user)[1]), "actions": [deed]}
    if values:
        options = [{"text": deed["text"], "value": value} for value in values]
        held = {f"ticked/{action}": {"type": "checkboxes", "selected_options": options}}
        payload["state"] = {"values": {"gone": held}}
    return delivery.act(act, payload)


def _on_message(world: World, act: Act, there: Message, person: User) -> Json:
    where = {
        "type": "message",
        "message_ts": there.ts,
        "channel_id": there.channel,
        "is_ephemeral": bool(there.reader),
    }
    payload = payloads.interaction(
        world, act, container=where, channel=payloads.named(world.channels[there.channel])
    )
    payload["state"] = {"values": blocks.state(there.blocks, person.drafts.get(there.id, {}))}
    payload["response_url"] = payloads.url(world, act)
    return payload if there.reader else {**payload, "message": payloads.message(world, there)}


def _usable(found: list[Json], wanted: str) -> tuple[Json, Json]:
    """The element of this action id, value or label; the newest way to say it first."""
    usable = blocks.usable(found)
    for key in ("action_id", "value", "label"):
        fits = [(block, one) for block, one in usable if _called(block, one, key) == wanted]
        if fits:
            return fits[0]
    raise Denied(f"there is no {wanted!r} on it as it stands")


def _called(block: Json, one: Json, key: str) -> Any:
    if key == "label":
        return one.get("text", {}).get("text") or block.get("label", {}).get("text")
    return one.get(key)


def _deed(person: User, on: str, block: Json, one: Json, values: list[str] | None, at: str) -> Json:
    payload: Json = {
        "type": one["type"],
        "action_id": one["action_id"],
        "block_id": block["block_id"],
        "action_ts": at,
    }
    if one["type"] == "button":
        if values is not None:
            raise Denied("it is a button: there is nothing to choose")
        more = {key: one[key] for key in ("text", "value", "url", "style") if key in one}
        return {**payload, **{key: value for key, value in more.items() if key != "style"}}
    held = _held(one, values)
    if one["type"] in blocks.STATEFUL:
        person.drafts.setdefault(on, {}).setdefault(block["block_id"], {})[one["action_id"]] = held
    extra = (
        {"placeholder": one["placeholder"]}
        if "placeholder" in one and one["type"] in blocks.ONE
        else {}
    )
    return {**payload, **extra, **held}


def _held(one: Json, values: list[str] | None) -> Json:
    """What an element holds once these values are chosen or this line is typed."""
    kind = one["type"]
    if values is None:
        raise Denied(f"{one['action_id']!r}: something must be chosen or typed")
    if kind in blocks.LINES:
        return {"type": kind, "value": _line(one, values[0])}
    if kind == "users_select":
        return {"type": kind, "selected_user": values[0]}
    by_value = {option["value"]: option for option in blocks.options(one)}
    if strange := [value for value in values if value not in by_value]:
        raise Denied(f"{strange} cannot be chosen from {list(by_value)}")
    if kind in blocks.SEVERAL:
        if len(values) > one.get("max_selected_items", len(by_value)):
            raise Denied(f"{one['max_selected_items']} at most may be chosen")
        return {
            "type": kind,
            "selected_options": [by_value[value] for value in by_value if value in values],
        }
    if len(values) != 1:
        raise Denied("one may be chosen")
    return {"type": kind, "selected_option": by_value[values[0]]}


def _line(one: Json, text: str) -> str | None:
    if text and not one.get("min_length", 0) <= len(text) <= one.get("max_length", 3000):
        raise Denied(f"{one['action_id']!r} has a wrong length")
    if "\n" in text and not one.get("multiline"):
        raise Denied(f"{one['action_id']!r} has one line")
    return text or None


# Modals


def _view(world: World, user: str, view: str) -> View:
    there = world.by_view(view)
    person = world.known(user)[1]
    if there is None or there.user != user:
        raise Denied("they have no such view open")
    if there.body["type"] == "modal" and person.stack[-1] is not there:
        raise Denied("another modal stands above it")
    return there


def submit(delivery: Delivery, user: str, view: str, values: Json) -> Act:
    """Send the modal; what is not filled in stays as it was offered.

    Values are named by action id, block id, label or number.
    """
    world, there = delivery.world, _view(delivery.world, user, view)
    if "submit" not in there.body:
        raise Denied("the modal has nothing to send it with")
    person = world.known(user)[1]
    inputs = [
        (block, one)
        for block, one in blocks.usable(there.body["blocks"])
        if block["type"] == "input"
    ]
    drafts = person.drafts.setdefault(there.id, {})
    for key, value in values.items():
        block, one = _input(inputs, key)
        if one["type"] == "file_input":
            held = files.chosen(world, user, one, value)
        else:
            held = _held(one, value if isinstance(value, list) else [value])
        drafts.setdefault(block["block_id"], {})[one["action_id"]] = held
    _complete(inputs, drafts)
    act = acts.begin(world, acts.SUBMIT, user, view=there, name=there.body.get("callback_id", ""))
    payload = payloads.interaction(world, act, view=payloads.view(world, there), response_urls=[])
    payload["user"].pop("username")
    return delivery.act(act, payload)


def _input(inputs: list[tuple[Json, Json]], key: str) -> tuple[Json, Json]:
    if key.isdigit() and int(key) < len(inputs):
        return inputs[int(key)]
    for block, one in inputs:
        if key in {one["action_id"], block["block_id"], block["label"]["text"]}:
            return block, one
    raise Denied(f"the modal has no {key!r}")


def _complete(inputs: list[tuple[Json, Json]], drafts: dict[str, dict[str, Json]]) -> None:
    for block, one in inputs:
        held = drafts.get(block["block_id"], {}).get(one["action_id"]) or blocks.blank(one)
        filled = (
            held.get("value")
            or held.get("selected_option")
            or held.get("selected_options")
            or held.get("files")
        )
        if not filled and not block.get("optional"):
            raise Denied(f"{block['label']['text']!r} must be filled in")


def close(delivery: Delivery, user: str, *, everything: bool) -> None:
    """Close the modal on top, or all of them."""
    world, person = delivery.world, delivery.world.known(user)[1]
    if not person.stack:
        raise Denied("they have no modal open")
    closed = list(person.stack) if everything else person.stack[-1:]
    told = [(one, payloads.view(world, one)) for one in closed if one.body.get("notify_on_close")]
    for _ in closed:
        modals.pop(person)
    for one, shape in told:
        act = acts.begin(world, acts.CLOSED, user, view=one, name=one.body.get("callback_id", ""))
        payload = payloads.interaction(world, act, view=shape, is_cleared=everything)
        payload["user"].pop("username")
        payload.pop("trigger_id")
        delivery.act(act, payload)
    world.touch()


# Commands and shortcuts


def slash(delivery: Delivery, user: str, channel: str, command: str, text: str) -> Act:
    world, where = delivery.world, delivery.world.channels[channel]
    if world.app.commands is not None and command not in world.app.commands:
        raise Denied(f"there is no command {command!r}")
    act = acts.begin(world, acts.SLASH, user, channel=where, name=command)
    team, person = world.known(user)
    payload = {
        "token": payloads.VERIFICATION,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel,
    }
    payload |= {
        "channel_name": payloads.named(where)["name"],
        "user_id": user,
        "user_name": payloads.user(person)["name"],
    }
    payload |= {
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
    }
    return delivery.act(
        act, {**payload, "response_url": payloads.url(world, act), "trigger_id": act.trigger}
    )


def menu(delivery: Delivery, user: str, message: str, callback: str) -> Act:
    """A shortcut on a message."""
    world = delivery.world
    there = before(world, user, message)
    if there.reader:
        raise Denied("a private message has no such menu")
    _shortcut(world, callback, "message")
    where = world.channels[there.channel]
    act = acts.begin(world, acts.MENU, user, channel=where, message=there, name=callback)
    payload = payloads.interaction(
        world, act, callback_id=callback, action_ts=act.id, message_ts=there.ts
    )
    payload["user"].pop("username")
    payload |= {"channel": payloads.named(where), "message": payloads.message(world, there)}
    return delivery.act(act, {**payload, "response_url": payloads.url(world, act)})


def shortcut(delivery: Delivery, user: str, callback: str) -> Act:
    world = delivery.world
    _shortcut(world, callback, "global")
    act = acts.begin(world, acts.SHORTCUT, user, name=callback)
    payload = payloads.interaction(world, act, callback_id=callback, action_ts=act.id)
    payload["user"] = {key: payload["user"][key] for key in ("id", "username", "team_id")}
    return delivery.act(act, payload)


def _shortcut(world: World, callback: str, kind: str) -> None:
    known = world.app.shortcuts
    if known is not None and known.get(callback) != kind:
        raise Denied(f"there is no {kind} shortcut {callback!r}")


def open_home(delivery: Delivery, user: str, *, tab: str) -> None:
    world = delivery.world
    team, person = world.known(user)
    if not world.app.home and tab == "home":
        raise Denied("the app has no home")
    person.looking_home = tab == "home"
    payload: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": world.dm(team, user).id,
        "tab": tab,
    }
    if tab == "home" and person.home:
        payload["view"] = payloads.view(world, person.home)
    world.tell(team, {**payload, "event_ts": world.ts()})


# Writing and reacting


def write(world: World, user: str, channel: str, text: str, thread: str = "") -> str:
    """What a person types; a mention of the bot is told twice, as two events."""
    where = world.channels[channel]
    team, _ = world.known(user)
    if user not in where.members or where.archived:
        raise Denied("they cannot write here")
    sent: Json = {"text": _typed(text), "blocks": payloads.written(text), "thread_ts": thread}
    message = Message(channel, world.ts(), user, thread=thread)
    chat.fill(world, message, sent)
    world.messages[message.id] = message
    payload = {**chat.event(world, message), "client_msg_id": f"client-{message.ts}"}
    if where.kind != IM and f"<@{team.bot}>" in text:
        mention = {key: value for key, value in payload.items() if key != "channel_type"}
        world.tell(team, {**mention, "type": "app_mention"})
    world.tell(team, payload)
    world.touch()
    return message.id


def _typed(text: str) -> str:
    """Escaped, but for what calls somebody."""
    parts = re.split(r"(<@[UW][A-Z0-9]+>)", text)
    return "".join(
        part if number % 2 else payloads.escaped(part) for number, part in enumerate(parts)
    )


def rewrite(world: World, user: str, message: str, text: str) -> None:
    there = before(world, user, message)
    if there.user != user:
        raise Denied("the message is not theirs")
    chat.change(
        world, there, {"text": _typed(text), "blocks": payloads.written(text)}, by_person=True
    )


def erase(world: World, user: str, message: str) -> None:
    there = before(world, user, message)
    if there.user != user and not there.reader and not world.known(user)[1].admin:
        raise Denied("they may not delete this")
    chat.remove(world, there)


def react(world: World, user: str, message: str, name: str, *, added: bool) -> None:
    there = before(world, user, message)
    if there.reader:
        raise Denied("a private message takes no reactions")
    if not NAME.fullmatch(name):
        raise Denied(f"{name!r} is no short name of an emoji")
    if added == (user in there.reactions.get(name, ())):
        raise Denied("it is so already")
    (chat.add if added else chat.take)(world, there, user, name)
