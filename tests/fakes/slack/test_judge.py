"""Slack's official types as a judge.

It is strict, readable, and forgiving only where a reviewed list says so.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import schemas
from tests.fakes.slack import validation
from tests.fakes.slack.bare import button, field, modal, row, words
from tests.fakes.slack.judge import TypesJudge
from tests.fakes.slack.world import Json

folder = schemas.schemas()
if folder is None or not (folder / "slack").is_dir():
    pytest.skip(
        (
            f"{schemas.FOLDER} names no folder with slack/: what is sent is not judged by the "
            "official types"
        ),
        allow_module_level=True,
    )

OPTION = {"text": {"type": "plain_text", "text": "Adam"}, "value": "adam"}


@pytest.fixture(scope="module")
def judge() -> TypesJudge:
    assert folder
    return TypesJudge(folder / "slack")


def boxes(*options: Json) -> Json:
    return {"type": "checkboxes", "action_id": "several", "options": list(options)}


@pytest.mark.parametrize(
    ("method", "said", "complaints"),
    [
        ("chat.postMessage", {"channel": "C", "text": "x"}, []),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [words(), row(button("a"))], "team_id": "T"},
            [],
        ),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "bloks": []},
            ["/: unknown key 'bloks'"],
        ),
        ("chat.postMessage", {"text": "x"}, ['"channel" is a required property']),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [{**words(), "titel": 1}]},
            ["unknown key 'titel'"],
        ),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [{"type": "what"}]},
            ["'what' is none of"],
        ),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [row(button("a", "l" * 76))]},
            ["longer than 75", "75"],
        ),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [row(button("a" * 256))]},
            ["longer than 255", "255"],
        ),
        (
            "chat.postMessage",
            {"channel": "C", "text": "x", "blocks": [row(button("a", valu="v"))]},
            ["'valu'"],
        ),
        ("chat.postMessage", {"channel": "C", "text": "x", "blocks": [row(boxes(OPTION))]}, []),
        ("chat.update", {"channel": "C", "ts": "1.2", "text": "x", "blocks": [words()]}, []),
        ("chat.update", {"channel": "C", "text": "x"}, ['"ts" is a required property']),
        ("views.open", {"trigger_id": "t", "view": modal(field())}, []),
        (
            "views.open",
            {"trigger_id": "t", "view": {**modal(field()), "titel": 1}},
            ["/view/: unknown key 'titel'"],
        ),
        ("views.publish", {"user_id": "U", "view": {"type": "home", "blocks": [words()]}}, []),
        (
            "views.publish",
            {"user_id": "U", "view": {"type": "house", "blocks": []}},
            ["view of type 'house'"],
        ),
        ("users.info", {"user": "U", "users": "U"}, ["unknown key 'users'"]),
        ("conversations.open", {"users": "U"}, []),
        (
            "reactions.add",
            {"channel": "C", "timestamp": "1.2", "emoji": "a"},
            ["unknown key 'emoji'", "name"],
        ),
        ("no.such.method", {"anything": 1}, []),
    ],
)
def test_a_complaint_names_the_place(
    judge: TypesJudge, method: str, said: Json, complaints: list[str]
) -> None:
    found = judge.request(method, said)
    assert bool(found) == bool(complaints)
    assert all(any(one in each for each in found) for one in complaints), found


def test_what_the_types_forget_has_its_reason(judge: TypesJudge) -> None:
    for one in judge.allowed:
        assert set(one) == {"where", "says", "why"}
        assert [re.compile(one[key]).pattern for key in ("where", "says")]
        assert len(one["why"]) > 20


@given(text=st.text(min_size=1, max_size=80), value=st.text(min_size=1, max_size=2100))
def test_our_own_rules_and_the_types_agree_on_a_button(
    judge: TypesJudge, text: str, value: str
) -> None:
    found = [words(), row(button("a", text, value=value))]
    assert bool(validation.blocks(found, "message")) == bool(judge.blocks(found, "MessageBlocks"))


@given(
    at=st.integers(0, 2**33),
    token=st.sampled_from(sorted(validation.TOKENS)),
    fallback=st.text("abc :", min_size=1),
)
def test_an_instant_needs_a_time_known_tokens_and_a_fallback(
    at: int, token: str, fallback: str
) -> None:
    assert list(validation.dates(f"until <!date^{at}^at {{{token}}}|{fallback}>")) == []
    for wrong in (
        f"{at}^{{{token}}}",
        f"{at}^{{{token}s}}|x",
        f"soon^{{{token}}}|x",
        f"{at}^{token}|x",
        f"{at}|x",
    ):
        assert len(list(validation.dates(f"<!date^{wrong}>"))) == 1
