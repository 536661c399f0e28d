"""What somebody did, as Slack tells it: read once, then no longer Slack's."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.chat.kit import code_fences
from bot.chat.kit.code_fences import unfenced
from bot.chat.kit.custom_ids import without_number
from bot.chat.kit.typed_commands import parse
from bot.chat.port import Command, Press, Snippet, Upload
from bot.chat.slack.outgoing.cards import MORE, TICKED, action_ids
from bot.chat.slack.outgoing.mrkdwn import RUN, mentions, typed
from bot.commands import VERBS, Argument, find_action
from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]
Sources = Mapping[str, Sequence[str]]
Clock = Callable[[], datetime]
Fetch = Callable[[str, Json], Awaitable[bytes]]

PLATFORM = "slack"
RUN_MESSAGE, REPORT_QUESTION = "run_message", "report_question"
"""The entries of the menu on a message."""
NOBODY = "nobody"
_device = next(
    each for verb in VERBS if verb.name == "run" for each in verb.arguments if each.name == "device"
)
_REPORT = re.compile(r"report:[0-9]+\Z")
_CALLED = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_FIRST = re.compile(r"\A(\s*(?:/quiz\s+)?/?([a-z]+)\s+)(@[UW][A-Z0-9]+)")
_RUN_ON = re.compile(rf"/?run\s+(?:device:)?({'|'.join(_device.choices)})")
_FENCED = re.compile(r"```(.+?)(?:```|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, and the ways in which it can be answered."""

    id: str
    team: str
    user: str
    place: Place
    at: datetime
    event: Command | Press | Snippet
    url: str = ""
    """Where it can be answered for half an hour."""
    on: MessageRef | None = None
    """The private card that was pressed."""
    at_home: bool = False
    thread: str = ""
    """The message under which this was said, where it was in a thread: there it is answered."""

    @property
    def lasting(self) -> bool:
        """Whether its private answer will be edited. Only a direct message can be."""
        return find_action(self.name).lasting

    @property
    def name(self) -> str:
        """What is asked for: a verb, or the first word of an action."""
        match self.event:
            case Command(name=name):
                return name
            case Press(action=action):
                return action.partition(":")[0]
            case _:
                return "run"


def time_of(ts: str) -> datetime:
    """Slack numbers messages and acts by its own clock: seconds and six more digits."""
    return datetime.fromtimestamp(float(ts), UTC)


def is_direct(channel: str) -> bool:
    return channel.startswith("D")


def person_of(team: str, user: str, name: str = "") -> Person:
    """People are numbered anew in each workspace."""
    return Person(PLATFORM, f"{team}/{user}", name, groups=frozenset({user}))


def user_of(person: Person) -> str:
    """Their number in their workspace."""
    return person.id.rpartition("/")[2]


def team_of(told: Json) -> str:
    """The workspace that the bot is in. In channels of several workspaces, whoever acts can be of another one."""
    installed = (told.get("view") or {}).get("app_installed_team_id")
    (heard,) = [one.get("team_id") for one in told.get("authorizations") or ()][:1] or [None]
    named = (told.get("team") or {}).get("id") or told.get("team_id")
    return str(installed or heard or named or (told.get("user") or {}).get("team_id") or "")


def command(told: Json, sources: Sources, at: datetime) -> Act:
    """What was typed after `/quiz` or `/run`; a UserError says what was not understood."""
    team, user, place = (
        str(told["team_id"]),
        str(told["user_id"]),
        _place(told["team_id"], told["channel_id"]),
    )
    person = person_of(team, user, str(told.get("user_name") or ""))
    name, args = line(team, str(told.get("text") or ""), sources, runs=told["command"] == RUN)
    event = Command(str(told["trigger_id"]), person, place, name, at, args)
    return Act(event.id, team, user, place, at, event, str(told.get("response_url") or ""))


def unread(told: Json, at: datetime) -> Act:
    """A command that was not understood: only its answer is of use."""
    team, user, place = (
        str(told["team_id"]),
        str(told["user_id"]),
        _place(told["team_id"], told["channel_id"]),
    )
    event = Command(str(told["trigger_id"]), person_of(team, user), place, "", at)
    return Act(event.id, team, user, place, at, event, str(told.get("response_url") or ""))


def line(
    team: str, text: str, sources: Sources, *, runs: bool = False
) -> tuple[str, dict[str, str]]:
    """What was typed, as a command: whoever is named in it stands there as one word, however Slack writes them."""
    if runs:
        return parse(f"run {typed(text.strip())}", sources)
    named = {f"@{who.partition(' ')[0]}": (said, who) for said, who in mentions(text).items()}
    for word, (said, _) in named.items():
        text = text.replace(said, word)
    text = _FIRST.sub(_as_member, text)
    name, args = parse(_one(text.strip() or "help"), {**sources, "roles": [*named, NOBODY]})
    return name, {
        each: _given(team, argument_of(name, each), value, named) for each, value in args.items()
    }


def _as_member(found: re.Match[str]) -> str:
    """Who is pointed at right after a verb that is about a member is that member."""
    argument = next(
        (each for one in VERBS if one.name == found[2] for each in one.arguments if each.person),
        None,
    )
    return f"{found[1]}{argument.name}:{found[3]}" if argument else found[0]


def _given(team: str, argument: Argument, value: str, named: Mapping[str, tuple[str, str]]) -> str:
    """A member by their id, an admin with a name for people to read; in any other words, whoever is named by that."""
    user = value.removeprefix("@")
    if argument.source == "roles":
        return named[value][1] if value in named else NOBODY
    if argument.person and value in named:
        return f"{team}/{user}"
    for word, (_, who) in named.items():
        value = value.replace(word, who.partition(" ")[2])
    return typed(value)


def argument_of(verb: str, name: str) -> Argument:
    """One of the arguments that a verb has."""
    return next(
        each for one in VERBS if one.name == verb for each in one.arguments if each.name == name
    )


def _one(line: str) -> str:
    return line.removeprefix("/quiz").strip() or "help"


def press(told: Json) -> Act | None:
    """A button with what was ticked beside it, or an entry of a menu; None for what sends nothing by itself."""
    act = told["actions"][0]
    action, values = _pressed(act, told)
    if not action:
        return None
    team, user = _who(told)
    place, message = _where(told, team)
    person = person_of(
        team, user, str(told["user"].get("username") or told["user"].get("name") or "")
    )
    at = time_of(str(act["action_ts"]))
    name = f"{team}:{user}:{act['action_ts']}:{act['action_id']}"
    event = Press(name, person, place, message, action, at, values)
    container = told.get("container") or {}
    private = bool(container.get("is_ephemeral")) or (
        message is not None and is_direct(place.channel)
    )
    own = _own(
        message, str(told.get("response_url") or ""), ephemeral=bool(container.get("is_ephemeral"))
    )
    return Act(
        name, team, user, place, at, event, str(told.get("response_url") or ""), own if private else None,
        at_home=message is None and container.get("type") == "view", thread=thread_of(told),
    )  # fmt: skip


def thread_of(told: Json) -> str:
    """The thread that a press or the menu of a message was in."""
    container, message = told.get("container") or {}, told.get("message") or {}
    return _thread(
        {**message, **container}, str(container.get("message_ts") or message.get("ts") or "")
    )


def _own(message: MessageRef | None, url: str, *, ephemeral: bool) -> MessageRef | None:
    if message is None:
        return None
    return (
        by_url(message.place, url)
        if ephemeral
        else direct(message.place, message.place.channel, message.id)
    )


def _pressed(act: Json, told: Json) -> tuple[str, tuple[str, ...]]:
    name = str(act.get("action_id") or "")
    if name == MORE:
        return without_number(str((act.get("selected_option") or {}).get("value") or "")), ()
    if name.startswith(f"{TICKED}/") or act.get("type") != "button":
        return "", ()
    state = ((told.get("state") or {}).get("values") or {}).get(act.get("block_id")) or {}
    ticked = next((each for key, each in state.items() if key.startswith(f"{TICKED}/")), None)
    if ticked is None:
        return without_number(name), ()
    return without_number(name), tuple(
        str(option["value"]) for option in ticked.get("selected_options") or ()
    )


def sent(told: Json, at: datetime, fetch: Fetch) -> Act | None:
    """A form that was sent; what it was opened from rode in it. None where it is not ours.

    `fetch` reads a file of a workspace where Slack keeps it.
    """
    team, user = _who(told)
    view = told["view"]
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
        place = Place(PLATFORM, team, str(kept["channel"]))
        action, url = str(kept["action"]), str(kept["url"])
    except (ValueError, KeyError, TypeError):
        return None
    values = tuple(_entered(view))
    person = person_of(
        team, user, str(told["user"].get("username") or told["user"].get("name") or "")
    )
    name = f"{view['id']}:{view.get('hash', '')}"
    own = MessageRef(place, str(kept["on"])) if kept.get("on") else None
    event: Command | Press
    if action.startswith("/"):
        given = {
            key: value for key, value in zip(kept.get("names") or (), values, strict=False) if value
        }
        event = Command(name, person, place, action[1:], at, _pointed(team, action[1:], given))
    else:
        message = MessageRef(place, str(kept["message"])) if kept.get("message") else None
        file = next(_chosen(view), None)
        upload = Upload(str(file.get("name") or ""), lambda: fetch(team, file)) if file else None
        event = Press(
            name,
            person,
            place,
            message,
            without_number(action),
            at,
            () if upload else values,
            upload,
        )
    return Act(name, team, user, place, at, event, url, own, thread=str(kept.get("thread") or ""))


def _chosen(view: Json) -> Iterator[Json]:
    """The files in the fields of a form."""
    values = (view.get("state") or {}).get("values") or {}
    for block in values.values():
        for field in block.values():
            yield from field.get("files") or ()


def _pointed(team: str, verb: str, given: Mapping[str, str]) -> dict[str, str]:
    """A form points at people by their number alone."""
    people = {
        each.name for one in VERBS if one.name == verb for each in one.arguments if each.person
    }
    return {name: f"{team}/{value}" if name in people else value for name, value in given.items()}


def _entered(view: Json) -> Iterable[str]:
    """What stands in the fields of a form, in their order."""
    values = (view.get("state") or {}).get("values") or {}
    for block in view.get("blocks") or ():
        for field in (values.get(block.get("block_id")) or {}).values():
            option = field.get("selected_option") or {}
            person = field.get("selected_user")
            yield str(field.get("value") or option.get("value") or person or "")


def on_message(told: Json, at: datetime) -> Act:
    """An entry of the menu on a message: run its code, or report its question."""
    team, user = _who(told)
    channel, message = str(told["channel"]["id"]), told["message"]
    place = _place(team, channel)
    person = person_of(
        team, user, str(told["user"].get("username") or told["user"].get("name") or "")
    )
    name, url = str(told["trigger_id"]), str(told.get("response_url") or "")
    if told["callback_id"] == RUN_MESSAGE:
        code = shown_code(str(message.get("text") or ""))
        event = Press(
            name,
            person,
            place,
            MessageRef(place, str(message["ts"])),
            "run",
            at,
            (code,) if code else (),
        )
    else:
        ids = sorted(action_ids(message.get("blocks") or ())) if _is_ours(told) else []
        event = Press(name, person, place, None, next(filter(_REPORT.match, ids), "report:"), at)
    return Act(name, team, user, place, at, event, url, thread=thread_of(told))


def _is_ours(told: Json) -> bool:
    """Another bot’s card can look like one of ours, and means something else by the same number."""
    app = told["message"].get("app_id")
    return app is None or app == told.get("api_app_id", app)


def said(team: str, event: Json, sources: Sources) -> Act:
    """Words to the bot: where it is named, or in a direct message. The two events of one message are one act."""
    place = _place(team, event["channel"])
    user, name = str(event["user"]), f"{event['channel']}:{event['ts']}"
    at, person = time_of(str(event["ts"])), person_of(team, user)
    verb, args = words(team, str(event.get("text") or ""), sources)
    told: Command | Snippet = Command(name, person, place, verb, at, args)
    if verb == "run" and "code" in args:
        message = MessageRef(place, str(event["ts"]))
        told = Snippet(name, person, place, message, args["code"], at, at, args.get("device", ""))
    return Act(name, team, user, place, at, told, thread=_thread(event, str(event["ts"])))


def unheard(team: str, event: Json) -> Act:
    """Words to the bot that it did not understand: only their answer is of use."""
    told = {
        "team_id": team,
        "user_id": event["user"],
        "channel_id": event["channel"],
        "trigger_id": event["ts"],
    }
    return replace(unread(told, time_of(str(event["ts"]))), thread=_thread(event, str(event["ts"])))


def words(team: str, text: str, sources: Sources) -> tuple[str, dict[str, str]]:
    """What a message asks for; one with code in fences asks to run it."""
    asked = _CALLED.sub("", text, count=1).strip()
    if fence := _FENCED.search(asked):
        named = _RUN_ON.fullmatch(asked[: fence.start()].strip())
        return "run", {"code": code_in(asked), **({"device": named[1]} if named else {})}
    return line(team, asked, sources)


def code_in(text: str) -> str:
    """The code of a message: what stands in its fences, or all of it."""
    shown = typed(text)
    fenced = _FENCED.findall(shown)
    return "\n".join(unfenced(f"```{each}```") for each in fenced) if fenced else unfenced(shown)


def shown_code(text: str) -> str:
    """The same for a message that nobody wrote to the bot: empty where it is no code."""
    return code_in(text) if _FENCED.search(text) else code_fences.code_in(typed(text))


def by_url(place: Place, url: str) -> MessageRef:
    """A card that only its click's own address reaches, for as long as that lives."""
    return MessageRef(place, f"by-url {url}")


def direct(place: Place, channel: str, ts: str) -> MessageRef:
    """A direct message about something that belongs to a place."""
    return MessageRef(place, f"direct {channel} {ts}")


def url_of(message: MessageRef) -> str:
    """The address of a card that is reached by one; empty for messages that stand."""
    kind, _, url = message.id.partition(" ")
    return url if kind == "by-url" else ""


def standing(message: MessageRef) -> tuple[str, str]:
    """Channel and number of a message that stands."""
    kind, _, rest = message.id.partition(" ")
    channel, _, ts = rest.partition(" ")
    return (channel, ts) if kind == "direct" else (message.place.channel, message.id)


def _who(told: Json) -> tuple[str, str]:
    return team_of(told), str(told["user"]["id"])


def _thread(about: Json, message: str) -> str:
    """The thread that something is in; the message that a thread hangs on is not in it."""
    found = str(about.get("thread_ts") or "")
    return "" if found == message else found


def _place(team: Any, channel: Any) -> Place:
    return Place(PLATFORM, str(team), str(channel))


def _where(told: Json, team: str) -> tuple[Place, MessageRef | None]:
    container = told.get("container") or {}
    channel = (told.get("channel") or {}).get("id") or container.get("channel_id")
    if not channel:
        return _place(team, ""), None
    place, ts = (
        _place(team, channel),
        container.get("message_ts") or (told.get("message") or {}).get("ts"),
    )
    return place, MessageRef(place, str(ts)) if ts else None
