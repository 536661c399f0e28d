"""Commands as people type them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.kit.code_fences import unfenced
from bot.commands import VERBS, Argument, Verb, find_verb
from bot.errors import UserError

Sources = Mapping[str, Sequence[str]]  # the lists that arguments are looked up in, by name

_NAMED = re.compile(r"([A-Za-z]+)[:=](.*)", re.DOTALL)
# Quotes hold words together, as in `cron:"30 9 * * 1-5"`.
_WORDS = re.compile(r'(?:[^\s"“”„]|["“„][^"“”„]*["“”])+|\S')
_QUOTES = re.compile(r'["“”„]')
_WORD_BEFORE_TEXT = re.compile(r"[ \t]*([^\s:=]+(?:[:=][^\s:=]+)?)(?=\s|$)")
_LONGEST_COMPARED = 40


def parse(line: str, sources: Sources) -> tuple[str, dict[str, str]]:
    line = line.strip().removeprefix("/")
    words = [_QUOTES.sub("", word) for word in _WORDS.findall(line)]
    names = [verb.name for verb in VERBS]
    if not words:
        raise UserError("command_missing", commands=names)
    verb = find_verb(words[0].casefold())
    if verb is None:
        near = _nearest(words[0], names)
        raise UserError("no_such_command", word=words[0], near=near, commands=names)
    if verb.arguments and verb.arguments[-1].rest:
        return verb.name, _args_and_text(verb, line.lstrip()[len(words[0]) :], sources)
    return verb.name, _args(verb, words[1:], sources)


def grammar(sources: Sources, *, admin: bool) -> list[dict[str, Any]]:
    commands = []
    for verb in VERBS:
        if verb.admin and not admin:
            continue
        free = [each for each in verb.arguments if _is_free(each) and not each.rest]
        arguments = [
            {
                "name": each.name,
                "summary": each.summary,
                "values": list(_values(each, sources)),
                "named": each in free and len(free) > 1,
            }
            for each in _offered(verb, sources)
        ]
        commands.append({"name": verb.name, "summary": verb.summary, "arguments": arguments})
    return commands


def _args(verb: Verb, words: Sequence[str], sources: Sources) -> dict[str, str]:
    args: dict[str, str] = {}
    for word in words:
        named = _NAMED.fullmatch(word)
        if named:
            argument, value = _named(verb, named[1], named[2], sources)
        else:
            argument, value = _unnamed(verb, word, args, sources)
        if argument.name in args:
            raise UserError(
                "argument_twice",
                argument=argument.name,
                command=verb.name,
                arguments=[each.name for each in _offered(verb, sources)],
            )
        args[argument.name] = value
    return args


def _args_and_text(verb: Verb, line: str, sources: Sources) -> dict[str, str]:
    *known, last = verb.arguments
    args: dict[str, str] = {}
    while found := _WORD_BEFORE_TEXT.match(line):
        name, _, word = found[1].replace("=", ":").rpartition(":")
        values = ((each, _known(each, name.casefold(), word, sources)) for each in known)
        argument, value = next(((each, it) for each, it in values if it is not None), (None, None))
        if argument is None or value is None or argument.name in args:
            break
        args[argument.name] = value
        line = line[found.end() :]
    text = unfenced(line.lstrip(" \t").removeprefix(f"{last.name}:").lstrip(" \t"))
    return {**args, last.name: text} if text.strip() else args


def _known(argument: Argument, name: str, word: str, sources: Sources) -> str | None:
    """Free text only with the name of its argument."""
    if _is_free(argument):
        return word if name == argument.name else None
    return _match(argument, word, sources) if name in {"", argument.name} else None


def _named(verb: Verb, name: str, word: str, sources: Sources) -> tuple[Argument, str]:
    offered = _offered(verb, sources)
    argument = next((each for each in offered if each.name == name.casefold()), None)
    if argument is None:
        names = [each.name for each in offered]
        near = _nearest(name, names)
        raise UserError(
            "no_such_argument", word=name, near=near, command=verb.name, arguments=names
        )
    value = word if _is_free(argument) and word else _match(argument, word, sources)
    if value is None:
        raise _not_understood(verb, word, [argument], sources)
    return argument, value


def _unnamed(
    verb: Verb, word: str, args: Mapping[str, str], sources: Sources
) -> tuple[Argument, str]:
    missing = [argument for argument in _offered(verb, sources) if argument.name not in args]
    for argument in missing:
        if (value := _match(argument, word, sources)) is not None:
            return argument, value
    for argument in missing:
        if _is_free(argument):
            return argument, word
    raise _not_understood(verb, word, missing, sources)


def _offered(verb: Verb, sources: Sources) -> list[Argument]:
    """Without those whose list this platform has not."""
    return [each for each in verb.arguments if not each.source or each.source in sources]


def _is_free(argument: Argument) -> bool:
    return not argument.choices and not argument.source


def _match(argument: Argument, word: str, sources: Sources) -> str | None:
    word = re.sub(r"\A0(?=[0-9]\Z)", "", word.casefold())
    values = _values(argument, sources)
    return next((value for value in values if value.casefold() == word), None)


def _values(argument: Argument, sources: Sources) -> Sequence[str]:
    return argument.choices or sources.get(argument.source, ())


def _not_understood(
    verb: Verb, word: str, arguments: Sequence[Argument], sources: Sources
) -> UserError:
    if not verb.arguments:
        return UserError("no_arguments", command=verb.name)
    possible = [(each.name, _values(each, sources), each.example) for each in arguments]
    near = _nearest(word, [value for _, values, _ in possible for value in values])
    return UserError(
        "argument_not_understood",
        command=verb.name,
        word=word,
        near=[] if word.isdigit() else near,
        arguments=possible,
    )


def _nearest(word: str, known: Sequence[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 (only a mistake needs it)

    folded = {value.casefold(): value for value in known}
    near = get_close_matches(word[:_LONGEST_COMPARED].casefold(), folded, n=3, cutoff=0.6)
    return [folded[key] for key in near]
