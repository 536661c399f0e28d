"""Commands as they are typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.kit.typed_commands import grammar, parse
from bot.commands import VERBS
from bot.errors import UserError
from bot.phrases.say import explain
from tests.refusing import refused

SOURCES = {
    "packs": ("rnn-text-generation", "gates"),
    "zones": tuple(f"Zone/{n}" for n in range(40)),
}


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("/help", ("help", {})),
        ("/HELP  ", ("help", {})),
        (
            "/challenge rnn-text-generation expert",
            ("challenge", {"pack": "rnn-text-generation", "level": "expert"}),
        ),
        (
            "/challenge expert GATES debug",
            ("challenge", {"level": "expert", "pack": "gates", "kind": "debug"}),
        ),
        ("/challenge level:expert kind=debug", ("challenge", {"level": "expert", "kind": "debug"})),
        ("/board everywhere all", ("board", {"scope": "everywhere", "period": "all"})),
        ("/me zone/3 hidden", ("me", {"zone": "Zone/3", "name": "hidden"})),
        ("/run", ("run", {})),
        ("/run 6 * 7", ("run", {"code": "6 * 7"})),
        ("/run x = 1", ("run", {"code": "x = 1"})),
        ("/run x=1\nprint(x)", ("run", {"code": "x=1\nprint(x)"})),
        (
            "/run gpu\nfor i in range(3):\n    print(i)\n",
            ("run", {"device": "gpu", "code": "for i in range(3):\n    print(i)"}),
        ),
        (
            "/run device:cpu ```python\nprint(1)\n```",
            ("run", {"device": "cpu", "code": "print(1)"}),
        ),
        ("/run\n```\n  a\n    b\n```\nthanks", ("run", {"code": "a\n  b"})),
        ("/RUN GPU gpu", ("run", {"device": "gpu", "code": "gpu"})),
        ("/remind 07", ("remind", {"hour": "7"})),
        ("/settings on reactions", ("settings", {"speed": "on", "answers": "reactions"})),
    ],
)
def test_words_find_their_arguments(line: str, understood: tuple[str, dict[str, str]]) -> None:
    assert parse(line, SOURCES) == understood


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/", "Type a command after the slash: /help, /challenge"),
        ("/chalenge", "There is no command “/chalenge”. Did you mean /challenge?"),
        ("/challenge expart", "/challenge does not understand “expart”. Did you mean expert?"),
        ("/challenge level:gates", "level: beginner, intermediate, advanced, expert."),
        ("/challenge lvel:expert", "/challenge has no “lvel”. Did you mean level?"),
        ("/challenge expert level:expert", "“level” was given twice"),
        ("/why me", "/why takes nothing after it"),
        ("/pack nowhere", "pack: pack-0, pack-1"),
        ("/pack nowhere", "and 32 more"),
        ("/me zone:nowhere", "zone: write it like Europe/Berlin."),
        ("/remind 25", "/remind does not understand “25”. hour: off, 0 to 23."),
        ("/settings admins:Ada", "It is used like this: /settings [zone] [speed] [answers]."),
    ],
)
def test_what_is_not_understood_is_explained(line: str, sentence: str) -> None:
    many = SOURCES | {"packs": tuple(f"pack-{n}" for n in range(40))} if "pack" in line else SOURCES
    with refused(re.escape(sentence)):
        parse(line, many)


def test_a_pack_is_asked_for_kindly_before_there_is_one() -> None:
    with refused("pack: nothing yet"):
        parse("/pack gates", {"packs": ()})


words = st.sampled_from(
    ["expert", "level", ":", "=", "gates", "/", "debug", " ", "level:expert", "PACK="]
)


@given(st.one_of(st.text(), st.lists(st.one_of(words, st.text(max_size=5))).map("".join)))
def test_any_line_is_understood_or_explained(text: str) -> None:
    """And what is understood is always something that there is."""
    for verb in ("", "challenge ", "me "):
        try:
            name, args = parse(f"/{verb}{text}", SOURCES)
        except UserError as error:
            assert len(explain(error)) < 1000
        else:
            known = next(one for one in VERBS if one.name == name)
            for argument, value in args.items():
                one = next(each for each in known.arguments if each.name == argument)
                assert value in (*one.choices, *SOURCES.get(one.source, ()))


def test_completion_offers_every_verb_and_word_that_is_understood() -> None:
    for verb in grammar(SOURCES, admin=True):
        for argument in verb["arguments"]:
            for value in argument["values"]:
                assert parse(f"/{verb['name']} {argument['name']}:{value}", SOURCES)[1] == {
                    argument["name"]: value
                }


def test_admin_verbs_are_offered_to_admins_only() -> None:
    offered = {verb["name"] for verb in grammar(SOURCES, admin=False)}
    assert offered == {verb.name for verb in VERBS if not verb.admin}


@pytest.mark.parametrize(
    "line", ['/schedule add cron:"30 9 * * 1-5"', "schedule add cron:“30 9 * * 1-5”"]
)
def test_quotes_hold_words_together(line: str) -> None:
    assert parse(line, {}) == ("schedule", {"action": "add", "cron": "30 9 * * 1-5"})


@pytest.mark.parametrize(
    "line", ["/holidays add 2026-12-25", "/holidays action:add days:2026-12-25"]
)
def test_what_takes_all_the_rest_may_be_named(line: str) -> None:
    assert parse(line, {}) == ("holidays", {"action": "add", "days": "2026-12-25"})
