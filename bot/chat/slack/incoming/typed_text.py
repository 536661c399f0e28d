"""Commands and code in what members type."""

import re
from collections.abc import Mapping

from bot.chat.kit import code_fences
from bot.chat.kit.code_fences import unfenced
from bot.chat.kit.typed_commands import Sources, parse
from bot.chat.slack.outgoing.mrkdwn import QUIZ_COMMAND, as_seen, mentions
from bot.commands import HELP, RUN, VERBS, Argument, find_verb

NOBODY = "nobody"
_BOT_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_VERB_AND_MEMBER = re.compile(r"\A(\s*(?:/quiz\s+)?/?([a-z]+)\s+)(@[UW][A-Z0-9]+)")
_FENCED = re.compile(r"```(.+?)(?:```|\Z)", re.DOTALL)


def argument_of(verb: str, name: str) -> Argument:
    arguments = next(known.arguments for known in VERBS if known.name == verb)
    return next(argument for argument in arguments if argument.name == name)


_DEVICES = "|".join(argument_of(RUN.name, "device").choices)
_RUN_ON_DEVICE = re.compile(rf"/?{RUN.name}\s+(?:device:)?({_DEVICES})")


def read_command(team: str, text: str, sources: Sources) -> tuple[str, dict[str, str]]:
    members = {}
    for markup, member in mentions(text).items():
        word = f"@{member.partition(' ')[0]}"
        members[word] = member
        text = text.replace(markup, word)
    text = _VERB_AND_MEMBER.sub(_name_member_argument, text).strip()
    text = text.removeprefix(QUIZ_COMMAND).strip() or HELP.name
    verb, arguments = parse(text, {**sources, "roles": [*members, NOBODY]})
    return verb, {
        name: _value(team, argument_of(verb, name), value, members)
        for name, value in arguments.items()
    }


def _name_member_argument(found: re.Match[str]) -> str:
    verb = find_verb(found[2])
    for argument in verb.arguments if verb else ():
        if argument.person:
            return f"{found[1]}{argument.name}:{found[3]}"
    return found[0]


def _value(team: str, argument: Argument, value: str, members: Mapping[str, str]) -> str:
    if argument.source == "roles":
        return members.get(value, NOBODY)
    if argument.person and value in members:
        return f"{team}/{value.removeprefix('@')}"
    for word, member in members.items():
        value = value.replace(word, member.partition(" ")[2])
    return as_seen(value)


def read_message(team: str, text: str, sources: Sources) -> tuple[str, dict[str, str]]:
    asked = _BOT_MENTION.sub("", text, count=1).strip()
    fence = _FENCED.search(asked)
    if fence is None:
        return read_command(team, asked, sources)
    arguments = {"code": code_of(asked)}
    if found := _RUN_ON_DEVICE.fullmatch(asked[: fence.start()].strip()):
        arguments["device"] = found[1]
    return RUN.name, arguments


def code_of(text: str) -> str:
    """What stands in its fences, or all of it."""
    shown = as_seen(text)
    fenced = _FENCED.findall(shown)
    return "\n".join(unfenced(f"```{code}```") for code in fenced) if fenced else unfenced(shown)


def code_in_any_message(text: str) -> str:
    return code_of(text) if _FENCED.search(text) else code_fences.code_in(as_seen(text))
