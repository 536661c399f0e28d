"""A command as people type it: `/challenge rnn-text-generation level:expert`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.chat.kit.code_fences import unfenced
from bot.commands import VERBS, Argument, Verb
from bot.errors import UserError

Sources = Mapping[str, Sequence[str]]

_NAMED = re.compile(r"([A-Za-z]+)[:=](.*)", re.DOTALL)
_WORDS = re.compile(r'(?:[^\s"“”„]|["“„][^"“”„]*["“”])+|\S')
"""What stands between blanks; quotes hold words together, as in `cron:"30 9 * * 1-5"`."""
_QUOTES = re.compile(r'["“”„]')
_WORD = re.compile(r"[ \t]*([^\s:=]+(?:[:=][^\s:=]+)?)(?=\s|$)")
_SHOWN = 8
_QUOTED = 40


def parse(line: str, sources: Sources) -> tuple[str, dict[str, str]]:
    """The verb's name and its arguments; a UserError says what was not understood and what is possible."""
    words = [_QUOTES.sub("", word) for word in _WORDS.findall(line.strip().removeprefix("/"))]
    if not words:
        raise UserError(
            f"Type a command after the slash: {_listed('/' + verb.name for verb in VERBS)}."
        )
    verb = _verb(words[0])
    if verb.arguments and verb.arguments[-1].rest:
        return verb.name, _with_rest(
            verb, line.strip().removeprefix("/").lstrip()[len(words[0]) :], sources
        )
    given: dict[str, str] = {}
    for word in words[1:]:
        argument, value = _reading(verb, word, given, sources)
        if argument.name in given:
            raise UserError(
                f"“{argument.name}” was given twice. Give it once: {_usage(verb, sources)}."
            )
        given[argument.name] = value
    return verb.name, given


def _with_rest(verb: Verb, text: str, sources: Sources) -> dict[str, str]:
    """Words that an argument knows, then everything else as it stands."""
    given: dict[str, str] = {}
    known = [argument for argument in verb.arguments if not argument.rest]
    while found := _WORD.match(text):
        name, _, value = found[1].replace("=", ":").rpartition(":")
        argument = next(
            (one for one in known if _takes(one, name.casefold(), value, sources)), None
        )
        if argument is None or argument.name in given:
            break
        given[argument.name] = _match(argument, value, sources) or value
        text = text[found.end() :]
    last = verb.arguments[-1].name
    rest = unfenced(text.lstrip(" \t").removeprefix(f"{last}:").lstrip(" \t"))
    return {**given, last: rest} if rest.strip() else given


def _takes(argument: Argument, name: str, value: str, sources: Sources) -> bool:
    """Before what follows in its own words: a value from a list, or any where the argument is named."""
    if not argument.choices and not argument.source:
        return name == argument.name
    return name in {"", argument.name} and _match(argument, value, sources) is not None


def grammar(sources: Sources, *, admin: bool) -> list[dict[str, Any]]:
    """Every verb that this person may use, with the words that can follow it: what completion needs to know."""
    return [
        {
            "name": verb.name,
            "summary": verb.summary,
            "arguments": [
                {
                    "name": argument.name,
                    "summary": argument.summary,
                    "values": list(_values(argument, sources)),
                    "named": _is_named(verb, argument),
                }
                for argument in _offered(verb, sources)
            ],
        }
        for verb in VERBS
        if admin or not verb.admin
    ]


def _is_named(verb: Verb, argument: Argument) -> bool:
    """Whether it has to be said by its name, since others could be meant as well."""
    free = [one for one in verb.arguments if not (one.choices or one.source or one.rest)]
    return argument in free and len(free) > 1


def _verb(word: str) -> Verb:
    found = next((verb for verb in VERBS if verb.name == word.casefold()), None)
    if found is None:
        names = [verb.name for verb in VERBS]
        raise UserError(
            f"There is no command {_quoted('/' + word)}.{_nearest(word, names, '/')} "
            f"I know {_listed('/' + name for name in names)}."
        )
    return found


def _reading(
    verb: Verb, word: str, given: Mapping[str, str], sources: Sources
) -> tuple[Argument, str]:
    """Which argument a word gives, and what it says."""
    if named := _NAMED.fullmatch(word):
        return _named(verb, named[1], named[2], sources)
    empty = [argument for argument in _offered(verb, sources) if argument.name not in given]
    for argument in empty:
        if (value := _match(argument, word, sources)) is not None:
            return argument, value
    free = next(
        (argument for argument in empty if not argument.choices and not argument.source), None
    )
    if free is not None:
        return free, word
    raise _not_understood(verb, word, empty, sources)


def _named(verb: Verb, name: str, word: str, sources: Sources) -> tuple[Argument, str]:
    offered = _offered(verb, sources)
    argument = next((one for one in offered if one.name == name.casefold()), None)
    if argument is None:
        near = _nearest(name, [one.name for one in offered])
        raise UserError(
            f"/{verb.name} has no {_quoted(name)}.{near} It is used like this: {_usage(verb, sources)}."
        )
    if not argument.choices and not argument.source and word:
        return argument, word
    value = _match(argument, word, sources)
    if value is None:
        raise _not_understood(verb, word, [argument], sources)
    return argument, value


def _offered(verb: Verb, sources: Sources) -> list[Argument]:
    """The arguments that can be given here: a list that is looked up must be one of this platform's."""
    return [one for one in verb.arguments if not one.source or one.source in sources]


def _match(argument: Argument, word: str, sources: Sources) -> str | None:
    wanted = word.casefold()
    if re.fullmatch(r"0[0-9]", wanted):
        wanted = wanted[1:]
    return next((value for value in _values(argument, sources) if value.casefold() == wanted), None)


def _values(argument: Argument, sources: Sources) -> Sequence[str]:
    return argument.choices or sources.get(argument.source, ())


def _not_understood(
    verb: Verb, word: str, arguments: Sequence[Argument], sources: Sources
) -> UserError:
    if not verb.arguments:
        return UserError(f"/{verb.name} takes nothing after it: type it alone.")
    near = (
        ""
        if word.isdigit()
        else _nearest(word, [one for each in arguments for one in _values(each, sources)])
    )
    lists = " ".join(f"{argument.name}: {_possible(argument, sources)}." for argument in arguments)
    return UserError(f"/{verb.name} does not understand {_quoted(word)}.{near} {lists}".strip())


def _nearest(word: str, known: Sequence[str], prefix: str = "") -> str:
    from difflib import get_close_matches  # noqa: PLC0415 (only a mistake needs it)

    folded = {value.casefold(): value for value in known}
    near = get_close_matches(word[:_QUOTED].casefold(), folded, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(prefix + folded[key] for key in near)}?" if near else ""


def _usage(verb: Verb, sources: Sources) -> str:
    return " ".join(
        [f"/{verb.name}", *(f"[{argument.name}]" for argument in _offered(verb, sources))]
    )


def _possible(argument: Argument, sources: Sources) -> str:
    """What it can be; of hundreds, one that shows how they are written."""
    values = _values(argument, sources)
    return (
        f"write it like {argument.example}"
        if argument.example and len(values) > _SHOWN
        else _listed(values)
    )


def _listed(values: Iterable[str]) -> str:
    every = _counted(list(values))
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN + 2 else ""
    return (", ".join(every[:_SHOWN] if more else every) + more) or "nothing yet"


def _counted(values: list[str]) -> list[str]:
    """Numbers that follow one another as their first and last."""
    numbers = [value for value in values if value.isdigit()]
    if len(numbers) <= _SHOWN or numbers != [
        str(n) for n in range(int(numbers[0]), int(numbers[-1]) + 1)
    ]:
        return values
    return [*(value for value in values if not value.isdigit()), f"{numbers[0]} to {numbers[-1]}"]


def _quoted(word: str) -> str:
    return f"“{word[:_QUOTED]}…”" if len(word) > _QUOTED else f"“{word}”"
