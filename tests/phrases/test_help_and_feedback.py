"""Help, refusals, settings, votes and reports."""

import pytest

from bot.chat.card import Card, plain_text
from bot.commands import VERBS
from bot.model.feedback import QuestionVotes, Report, Votes
from bot.model.places import PlaceSettings
from bot.phrases.feedback import REASONS, report_card, report_reasons_card, reports_card, vote_card
from bot.phrases.help import help_card
from bot.phrases.places import settings_card
from bot.phrases.say import failure_card, say
from tests.phrases.scenes import HERE, NOON, facts, table
from tests.quiz.generated import GATE


def listed(*, admin: bool) -> dict[str, str]:
    return {row[0]: row[1] for row in table(help_card(admin=admin)).rows}


def test_help_lists_every_verb_with_what_may_follow_it() -> None:
    assert len(listed(admin=True)) == len(VERBS)
    assert (
        listed(admin=True)["/challenge [pack] [level] [kind]"]
        == "Ask everyone here a timed question"
    )


def test_help_shows_no_more_than_three_words_after_a_verb() -> None:
    """On a phone a row of a dozen leaves no room for what it is about.

    The last of `/settings` is not everywhere.
    """
    assert "/settings [zone] [speed] [answers] […]" not in listed(admin=True)
    assert {"/settings [zone] [speed] [answers] …", "/schedule [action] [number] [at] …"} <= set(
        listed(admin=True)
    )


def test_help_shows_admins_verbs_to_admins_alone() -> None:
    assert not any(form.startswith("/settings") for form in listed(admin=False))


def test_a_failure_of_ours_is_owned_and_has_a_reference() -> None:
    card = failure_card("0badcafe")
    assert "my mistake, not yours" in plain_text(card)
    assert "0badcafe" in plain_text(card)


@pytest.mark.parametrize(
    ("name", "verb"), [("settings", "settings"), ("set", "settings"), ("settle", "reports")]
)
def test_who_is_no_admin_hears_which_command_it_belongs_to(name: str, verb: str) -> None:
    assert f"may use `/{verb}`." in say("admins_only", verb=name)


def settings(zone: str | None = None, *, speed: bool = True) -> Card:
    return settings_card(
        PlaceSettings(1, HERE, zone, speed, "buttons" if speed else "reactions"),
        "UTC",
        changed=not speed,
    )


def test_settings_are_told_each_with_the_press_that_turns_it_over() -> None:
    card = settings()
    assert facts(card) == {
        "Time zone": "UTC (nobody has set one)",
        "Speed points": "on",
        "Answers by": "buttons",
    }
    assert [(button.label, button.action) for button in card.buttons] == [
        ("Turn speed points off", "set:speed:off"),
        ("Answer by reactions", "set:answers:reactions"),
    ]
    turned = settings("Europe/Berlin", speed=False)
    assert facts(turned) == {
        "Time zone": "Europe/Berlin",
        "Speed points": "off",
        "Answers by": "reactions",
    }
    assert [button.action for button in turned.buttons] == ["set:speed:on", "set:answers:buttons"]


def test_a_vote_is_thanked_for_and_counted() -> None:
    liked, other = (
        plain_text(vote_card(QuestionVotes(GATE, Votes(3, 1)), value)) for value in (1, -1)
    )
    assert "Glad you like it. “What a gate does” has 3 up, 1 down." in liked
    assert "Noted: it could be better." in other


def test_a_report_asks_for_its_reason() -> None:
    actions = [button.action for button in report_reasons_card(GATE, 42).buttons]
    assert actions == [f"report:42:{reason}" for reason in REASONS]


def test_a_second_report_is_thanked_for_as_well() -> None:
    assert "The admins will see it." in plain_text(report_card(GATE, new=True))
    assert "You reported it before" in plain_text(report_card(GATE, new=False))


def test_reports_are_listed_with_who_and_why_and_can_be_settled() -> None:
    card = reports_card([Report(3, GATE.id, "key", "Ann", NOON)])
    assert table(card).caption == "1 open report"
    assert table(card).rows == (("3", "gates/one", "The key is wrong", "Ann", "02 Mar 2026"),)
    assert [button.action for button in card.buttons] == ["settle:3"]
    assert plain_text(reports_card([])) == "Reports\nNo open reports."
