"""What people wrote - names, answers, reasons - is shown as they wrote it.

It is never taken for a form or an action.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.card import Card
from bot.model.boards import Board
from bot.model.feedback import Report
from bot.model.people import Player
from bot.phrases.boards import board_card
from bot.phrases.digests import digest_card
from bot.phrases.feedback import reports_card
from bot.phrases.packs import pack_summary_card
from bot.phrases.profile import profile_card
from bot.phrases.rounds.points import score_card
from bot.phrases.rounds.verdict import result_card, verdict_card
from bot.phrases.streaks import repair_card, streak_card
from bot.phrases.untrusted_text import one_line
from bot.quiz.badges import MILESTONES
from bot.quiz.files.invisible_characters import UNSEEN
from tests.phrases.day_scenes import standing, week
from tests.phrases.scenes import (
    ANN,
    BOB,
    NOON,
    PHRASE,
    asked,
    done,
    forms,
    gave,
    line,
    profile,
    ranked,
    result,
    seat,
    summary,
    texts,
    verdict,
    view,
    why,
)

HOSTILE = (
    "`code`",
    "**strong** _weak_ ~~gone~~",
    "<script>alert(1)</script>",
    "@everyone <@123> <!channel>",
    "[link](https://example.org)",
    "\u202egnp.exe\u2066",
    "answer:42:A",
    "\n\n# Title\n> quote",
    "x" * 10_000,
)
words = st.text(min_size=1, max_size=60) | st.sampled_from(HOSTILE)


def named(name: str) -> Player:
    return replace(ANN, name=name)


NAMES: Mapping[str, Callable[[str], Card]] = {
    "first on a result": lambda name: result_card(result(first=named(name)), None),
    "on a board": lambda name: board_card(view(ranked(named(name)), reader=BOB)),
    "on their own board": lambda name: board_card(view(ranked(named(name)))),
    "around them": lambda name: board_card(view(ranked(BOB), around=(ranked(named(name)),))),
    "on their profile": lambda name: profile_card(profile(player=named(name))),
    "after a repair": lambda name: repair_card(standing(player=named(name)), NOON.date()),
    "who repaired": lambda name: streak_card(standing(repairs={1: "why"}, by=named(name))),
    "on a digest's board": lambda name: digest_card(
        week(board=Board((ranked(named(name)),), (), 1)), b"PNG"
    ),
    "with a badge": lambda name: digest_card(week(badges=((named(name), MILESTONES[7]),)), None),
    "under a report": lambda name: reports_card([Report(3, "gates/one", "key", name, NOON)]),
}
ANSWERS: Mapping[str, Callable[[str], Card]] = {
    "wrong": lambda said: verdict_card(verdict(asked(PHRASE), (said,), seat(tries_used=1))),
    "right": lambda said: verdict_card(verdict(asked(PHRASE), (said,), done())),
    "the last": lambda said: verdict_card(verdict(asked(PHRASE), (said,), done(0, 0, 2))),
    "in a summary": lambda said: pack_summary_card(summary(line(PHRASE, gave(said)))),
    "explained": lambda said: score_card(why(PHRASE, gave(said))),
    "why a day was repaired": lambda said: streak_card(standing(repairs={1: said})),
    "a reason": lambda said: reports_card([Report(3, "gates/one", said, "Ann", NOON)]),
}
SAID = {**NAMES, **ANSWERS}


@pytest.mark.parametrize("scene", SAID)
@given(words)
def test_it_stands_there_as_it_was_written(scene: str, text: str) -> None:
    """On one line, and without what could hide in it or turn round what stands beside it."""
    shown = list(texts(SAID[scene](text)))
    assert any(one_line(text) in each for each in shown)
    assert not any(
        UNSEEN & {unicodedata.category(letter) for letter in each if letter not in "\n\ufe0f"}
        for each in shown
    )


@pytest.mark.parametrize("scene", SAID)
@given(words)
def test_it_is_never_a_form_or_an_action(scene: str, text: str) -> None:
    """Forms and actions are the same as for anybody else's word."""
    theirs, plain_one = SAID[scene](text), SAID[scene]("word")
    assert list(forms(theirs)) == list(forms(plain_one))
    assert [button.action for button in theirs.buttons] == [
        button.action for button in plain_one.buttons
    ]


@pytest.mark.parametrize("scene", ["first on a result", "on a board"])
def test_who_hides_their_name_is_somebody(scene: str) -> None:
    hidden = replace(BOB, name="Robert the Hidden")
    cards = {
        "first on a result": result_card(result(first=hidden), None),
        "on a board": board_card(view(ranked(hidden))),
    }
    assert not any("Robert" in shown for shown in texts(cards[scene]))
    assert any("Somebody" in shown for shown in texts(cards[scene]))
