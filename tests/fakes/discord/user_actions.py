"""What people do at their screens.

Whatever their client would not let them do is denied, with the reason.
"""

from typing import Any

from tests.fakes.denied import Denied
from tests.fakes.discord import acts, channels, messages, payloads
from tests.fakes.discord import components as parts
from tests.fakes.discord.permissions import NAMES, held, may
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.world import (
    DM,
    EPHEMERAL,
    LOADING,
    Channel,
    Interaction,
    Json,
    Message,
    World,
)
from tests.fakes.uploads import content_of

OPTION_TYPES: dict[int, type | tuple[type, ...]] = {
    3: str,
    4: int,
    5: bool,
    6: str,
    7: str,
    8: str,
    9: str,
    10: (int, float),
}


ROLE = 8

# Seeing


def visible(world: World, user: str, channel: str) -> list[Message]:
    where = world.channels[channel]
    if not may(world, user, where, "VIEW_CHANNEL"):
        return []
    there = [message for message in world.in_channel(channel) if message.reader in {"", user}]
    return sorted(there, key=lambda message: int(message.id))


def look(world: World, user: str, channel: str) -> list[Json]:
    """Every message as this person has it before them, the oldest first."""
    return [_seen(world, message) for message in visible(world, user, channel)]


def _seen(world: World, message: Message) -> Json:
    payload = payloads.message(world, message)
    private = bool(payload["flags"] & EPHEMERAL)
    pings = [*(world.users[one].name for one in payloads.mentioned(world, message))]
    pings += ["everyone"] if payload["mention_everyone"] else []
    reactors = {
        key: [world.users[one].name for one in who] for key, who in message.reactions.items()
    }
    extra = {"private": private, "thinking": bool(message.flags & LOADING), "pings": pings}
    return {**payload, **extra, "reactors": reactors, "edits": message.edits}


def _before(world: World, user: str, message: str) -> Message:
    there = world.messages.get(message)
    if there is None:
        raise Denied("the message is gone")
    if there.reader not in {"", user}:
        raise Denied("the message is somebody else's, and private")
    if not may(world, user, world.channels[there.channel], "VIEW_CHANNEL"):
        raise Denied("they cannot see this channel")
    return there


# Pressing


def press(
    world: World, user: str, message: str, custom_id: str, values: list[str] | None
) -> Interaction:
    """Click or choose, on the message as it stands now."""
    there = _before(world, user, message)
    part = next(
        (one for one in parts.interactive(there.components) if one["custom_id"] == custom_id), None
    )
    if part is None:
        raise Denied(f"there is no {custom_id!r} on the message as it stands")
    if part.get("disabled"):
        raise Denied(f"{custom_id!r} is disabled")
    data: Json = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"]}
    if part["type"] in parts.SELECTS:
        data["values"] = _chosen(part, values)
    elif values is not None:
        raise Denied(f"{custom_id!r} is a button: there is nothing to choose")
    return acts.begin(world, acts.COMPONENT, user, there.channel, data, there)


def forge(world: World, user: str, message: str, custom_id: str, values: list[str]) -> Interaction:
    """What no client offers, as somebody might send it all the same."""
    there = _before(world, user, message)
    data: Json = {
        "custom_id": custom_id,
        "component_type": parts.SELECT if values else parts.BUTTON,
        "id": 1,
    }
    return acts.begin(world, acts.COMPONENT, user, there.channel, {**data, "values": values}, there)


def _chosen(part: Json, values: list[str] | None) -> list[str]:
    if values is None:
        raise Denied(f"{part['custom_id']!r} is a menu: something must be chosen")
    offered = [option["value"] for option in part.get("options", ())]
    strange = [value for value in values if offered and value not in offered]
    if strange or len(set(values)) < len(values):
        raise Denied(f"{strange or values} cannot be chosen from {offered}")
    if not part.get("min_values", 1) <= len(values) <= part.get("max_values", 1):
        raise Denied(
            f"{len(values)} chosen, {part.get('min_values', 1)} to "
            f"{part.get('max_values', 1)} may be"
        )
    return values


# Commands


def _command(world: World, user: str, where: Channel, name: str, kind: int) -> Json:
    trees = (
        [world.commands.get(where.guild, {}), world.commands[""]]
        if where.guild
        else [world.commands[""]]
    )
    for tree in trees:
        for one in tree.values():
            if (one["name"], one["type"]) == (name, kind) and _offered(world, user, where, one):
                return one
    raise Denied(f"there is no command {name!r} here for them")


def _offered(world: World, user: str, where: Channel, one: Json) -> bool:
    contexts = one.get("contexts")
    context = 1 if where.kind == DM else 0
    if contexts is not None and context not in contexts:
        return False
    if where.kind == DM:
        return 0 in one.get("integration_types", [0]) or user in world.installed
    in_guild = world.bot.id in world.guilds[where.guild].members and 0 in one.get(
        "integration_types", [0]
    )
    own = user in world.installed and 1 in one.get("integration_types", [0])
    needed = 0 if one["name"] in world.opened else int(one["default_member_permissions"] or 0)
    rights = held(world, user, where)
    allowed = rights & NAMES["USE_APPLICATION_COMMANDS"] and (rights & needed == needed)
    return bool((in_guild or own) and allowed)


def slash(world: World, user: str, channel: str, name: str, options: Json) -> Interaction:
    command = _command(world, user, world.channels[channel], name, 1)
    offered = {option["name"]: option for option in command.get("options", ())}
    if strange := set(options) - set(offered):
        raise Denied(f"/{name} has no {sorted(strange)}")
    missing = [
        option for option, one in offered.items() if one.get("required") and option not in options
    ]
    if missing:
        raise Denied(f"/{name} needs {missing}")
    given = [_option(offered[option], value) for option, value in options.items()]
    data: Json = {"id": command["id"], "name": name, "type": 1, "options": given}
    if roles := [option["value"] for option in given if option["type"] == ROLE]:
        there = world.guilds[world.channels[channel].guild]
        data["resolved"] = {"roles": {one: payloads.role(there, one) for one in roles}}
    return acts.begin(world, acts.COMMAND, user, channel, data)


def _option(offered: Json, value: Any) -> Json:
    choices = [choice["value"] for choice in offered.get("choices", ())]
    if choices and value not in choices:
        raise Denied(f"{offered['name']} is one of {choices}, not {value!r}")
    if not isinstance(value, OPTION_TYPES.get(offered["type"], object)):
        raise Denied(f"{offered['name']} cannot be {value!r}")
    if isinstance(value, str) and not offered.get("min_length", 0) <= len(value) <= offered.get(
        "max_length", 6000
    ):
        raise Denied(f"{offered['name']} has a wrong length")
    if isinstance(value, int | float) and not offered.get(
        "min_value", value
    ) <= value <= offered.get("max_value", value):
        raise Denied(f"{offered['name']} is out of its range")
    return {"name": offered["name"], "type": offered["type"], "value": value}


def complete(
    world: World, user: str, channel: str, name: str, focus: str, typed: str, options: Json
) -> Interaction:
    command = _command(world, user, world.channels[channel], name, 1)
    offered = {option["name"]: option for option in command.get("options", ())}
    if not offered.get(focus, {}).get("autocomplete"):
        raise Denied(f"/{name} completes no {focus}")
    given = [
        _option(offered[option], value) for option, value in options.items() if option != focus
    ]
    asked = {"name": focus, "type": offered[focus]["type"], "value": typed, "focused": True}
    data: Json = {"id": command["id"], "name": name, "type": 1, "options": [*given, asked]}
    return acts.begin(world, acts.COMPLETION, user, channel, data)


def menu(world: World, user: str, message: str, name: str) -> Interaction:
    """An entry of the menu on a message."""
    there = _before(world, user, message)
    if there.reader:
        raise Denied("a private message has no such menu")
    command = _command(world, user, world.channels[there.channel], name, 3)
    payload = payloads.message(world, there)
    data = {"id": command["id"], "name": name, "type": 3, "target_id": there.id}
    return acts.begin(
        world,
        acts.COMMAND,
        user,
        there.channel,
        {**data, "resolved": {"messages": {there.id: payload}}},
    )


# Forms


def submit(world: World, user: str, form: str, values: Json) -> Interaction:
    """Send the modal that an interaction opened; what is not filled in stays as it was offered."""
    parent = next(
        (act for act in world.interactions.values() if act.id == form and act.user == user), None
    )
    if parent is None or parent.modal is None:
        raise Denied("they have no such form open")
    modal = parent.modal
    if strange := set(values) - {
        one["custom_id"] for one in parts.interactive(modal["components"])
    }:
        raise Denied(f"the form has no {sorted(strange)}")
    files: Json = {}
    given = {**values, **_uploaded(world, modal["components"], values, files)}
    filled = [_filled(one, given) for one in modal["components"]]
    data = {"custom_id": modal["custom_id"], "components": filled}
    if files:
        data["resolved"] = {"attachments": files}
    act = acts.begin(world, acts.FORM, user, parent.channel, data, parent.message, parent)
    parent.modal = None
    return act


def _uploaded(world: World, components: list[Json], values: Json, files: Json) -> Json:
    """The ids of the files that were chosen, which the service keeps from then on."""
    uploads = [one for one in parts.interactive(components) if one["type"] == parts.UPLOAD]
    chosen = {
        one["custom_id"]: values[one["custom_id"]] for one in uploads if one["custom_id"] in values
    }
    for name, file in chosen.items():
        shape = messages.stored(world, file["name"], content_of(file), {})
        files[shape["id"]], chosen[name] = {**shape, "ephemeral": True}, [shape["id"]]
    return chosen


def _filled(part: Json, values: Json) -> Json:
    kept: Json = {"type": part["type"], "id": part["id"]}
    if "components" in part:
        return {**kept, "components": [_filled(one, values) for one in part["components"]]}
    if "component" in part:
        return {**kept, "component": _filled(part["component"], values)}
    if "custom_id" not in part:
        return kept
    kept["custom_id"] = part["custom_id"]
    return {**kept, **_given(part, values.get(part["custom_id"]))}


def _given(part: Json, value: Any) -> Json:
    if part["type"] == parts.INPUT:
        return {"value": _line(part, part.get("value", "") if value is None else value)}
    if part["type"] == parts.RADIOS:
        return {"value": _one(part, value)}
    if part["type"] == parts.TICK:
        return {"value": bool(value)}
    if part["type"] == parts.UPLOAD:
        if not value and part.get("required", True):
            raise Denied(f"{part['custom_id']!r}: a file must be chosen")
        return {"values": value or []}
    needed = part.get("required", True) or value
    return {"values": _chosen({"min_values": 1, "max_values": 25, **part}, value) if needed else []}


def _line(part: Json, text: str) -> str:
    if not text and part.get("required", True):
        raise Denied(f"{part['custom_id']!r} must be filled in")
    if text and not part.get("min_length", 0) <= len(text) <= part.get("max_length", 4000):
        raise Denied(f"{part['custom_id']!r} has a wrong length")
    return text


def _one(part: Json, value: Any) -> Any:
    if value is None and part.get("required", True):
        raise Denied(f"{part['custom_id']!r} must be chosen")
    return None if value is None else _chosen(part, [value])[0]


# Writing and reacting


def write(world: World, user: str, channel: str, text: str) -> str:
    where = world.channels[channel]
    if not may(world, user, where, "VIEW_CHANNEL", "SEND_MESSAGES"):
        raise Denied("they cannot write here")
    return messages.say(world, where, {"content": text}, {}, author=user).id


def rewrite(world: World, user: str, message: str, text: str) -> None:
    there = _before(world, user, message)
    if there.author != user:
        raise Denied("the message is somebody else's")
    messages.change(world, there, {"content": text}, {})


def unfurl(world: World, message: str) -> None:
    """What the service does by itself to a message with a link.

    It sends the same words once more, and not as an edit.
    """
    there = world.messages[message]
    messages.tell_changed(world, there)


def react(world: World, user: str, message: str, emoji: str, *, added: bool) -> None:
    there = _before(world, user, message)
    if there.reader:
        raise Denied("a private message takes no reactions")
    where = world.channels[there.channel]
    try:
        key = channels.known_emoji(world, emoji)
    except Refusal:
        raise Denied(f"{emoji!r} is no emoji") from None
    if not added:
        channels.take(world, there, user, key)
        return
    fresh = channels.same(there, key) not in there.reactions
    if fresh and not may(world, user, where, "ADD_REACTIONS"):
        raise Denied("they may not add a reaction here")
    if fresh and len(there.reactions) >= channels.KINDS_PER_MESSAGE:
        raise Denied("the message has 20 reactions already")
    channels.add(world, there, user, key)


def erase(world: World, user: str, message: str) -> None:
    messages.remove(world, _erasable(world, user, message))


def purge(world: World, user: str, several: list[str]) -> None:
    """Many at once, as those who look after a channel can."""
    messages.remove_many(world, [_erasable(world, user, one) for one in several])


def _erasable(world: World, user: str, message: str) -> Message:
    there = _before(world, user, message)
    where = world.channels[there.channel]
    if there.author != user and not there.reader and not may(world, user, where, "MANAGE_MESSAGES"):
        raise Denied("they may not delete this")
    return there
