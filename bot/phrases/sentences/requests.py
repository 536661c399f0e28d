"""Commands and buttons that lead nowhere."""

from collections.abc import Iterable, Sequence

from bot.commands import find_action
from bot.phrases.sentences.sentence import Sentences

LISTED = 8
QUOTED = 40


def _admins_only(verb: str) -> str:
    command = find_action(verb).verb or verb
    return (
        f"Only an admin of this place may use `/{command}`. On a server that is "
        "who may manage it, or has the role that an admin chose; on Slack it is an admin of the "
        "workspace, or whom one of them named; on the web it is whoever opened the owner’s link."
    )


def _command_missing(commands: Sequence[str]) -> str:
    return f"Type a command after the slash: {_list(_slashed(commands))}."


def _no_such_command(word: str, near: Sequence[str], commands: Sequence[str]) -> str:
    return (
        f"There is no command {_quote('/' + word)}.{_did_you_mean(_slashed(near))} "
        f"I know {_list(_slashed(commands))}."
    )


def _no_such_argument(
    word: str, near: Sequence[str], command: str, arguments: Sequence[str]
) -> str:
    return (
        f"/{command} has no {_quote(word)}.{_did_you_mean(near)} "
        f"It is used like this: {_usage(command, arguments)}."
    )


def _argument_twice(argument: str, command: str, arguments: Sequence[str]) -> str:
    return f"“{argument}” was given twice. Give it once: {_usage(command, arguments)}."


def _argument_not_understood(
    command: str,
    word: str,
    near: Sequence[str],
    arguments: Sequence[tuple[str, Sequence[str], str]],
) -> str:
    # `arguments`: the name, the possible values and an example of each that it may have been.
    possible = [f" {name}: {_values(values, example)}." for name, values, example in arguments]
    return f"/{command} does not understand {_quote(word)}.{_did_you_mean(near)}{''.join(possible)}"


def _values(values: Sequence[str], example: str) -> str:
    return f"write it like {example}" if example and len(values) > LISTED else _list(values)


def _slashed(commands: Iterable[str]) -> list[str]:
    return [f"/{command}" for command in commands]


def _usage(command: str, arguments: Sequence[str]) -> str:
    return " ".join([f"/{command}", *(f"[{argument}]" for argument in arguments)])


def _did_you_mean(near: Sequence[str]) -> str:
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _list(values: Sequence[str]) -> str:
    values = _with_range(values)
    if len(values) > LISTED + 2:
        return f"{', '.join(values[:LISTED])} and {len(values) - LISTED} more"
    return ", ".join(values) or "nothing yet"


def _with_range(values: Sequence[str]) -> Sequence[str]:
    numbers = [int(value) for value in values if value.isdigit()]
    if len(numbers) <= LISTED or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return values
    others = [value for value in values if not value.isdigit()]
    return [*others, f"{numbers[0]} to {numbers[-1]}"]


def _quote(word: str) -> str:
    return f"“{word[:QUOTED]}…”" if len(word) > QUOTED else f"“{word}”"


SENTENCES: Sentences = {
    "unknown_command": "I do not know that one. `/help` shows what I can do.",
    "admins_only": _admins_only,
    "button_outdated": "That button leads nowhere any more. `/help` shows what I can do.",
    "report_reason_unknown": "Choose one of the reasons on the card.",
    "repair_incomplete": (
        "Say who, which day and why: "
        "`/repair member:Ada day:2026-03-02 the train had no network`. "
        "A blank in a name is written `_`."
    ),
    "argument_not_understood": _argument_not_understood,
    "argument_twice": _argument_twice,
    "command_missing": _command_missing,
    "no_arguments": "/{command} takes nothing after it: type it alone.",
    "no_such_argument": _no_such_argument,
    "no_such_command": _no_such_command,
}
