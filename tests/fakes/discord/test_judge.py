"""The official document as a judge.

It is strict, readable, and forgiving only where a reviewed list says so.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import schemas
from tests.fakes.discord import validation
from tests.fakes.discord.bare import Bare, button, row
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.judge import OpenApiJudge
from tests.fakes.discord.world import V2, Json
from tests.fakes.discord_server import DOCUMENT

folder = schemas.schemas()
if folder is None:
    pytest.skip(
        (
            f"{schemas.FOLDER} names no folder with {DOCUMENT}: what is sent is not judged by "
            "the official schemas"
        ),
        allow_module_level=True,
    )

SAY, CALLBACK = (
    "/channels/{channel_id}/messages",
    "/interactions/{interaction_id}/{interaction_token}/callback",
)
BUTTON = button("answer:1:a")


@pytest.fixture(scope="module")
def judge() -> OpenApiJudge:
    assert folder
    return OpenApiJudge(folder / DOCUMENT)


@pytest.mark.parametrize(
    ("method", "template", "body", "said"),
    [
        ("POST", SAY, {"content": "x"}, []),
        ("POST", SAY, {"content": "x", "components": [row(BUTTON)]}, []),
        ("POST", SAY, {"contents": "x"}, ["/: unknown key 'contents'"]),
        ("POST", SAY, {"embeds": [{"titel": "x", "flags": 0}]}, ["/embeds/0: unknown key 'titel'"]),
        ("POST", SAY, {"attachments": [{"id": 0, "filename": "x"}]}, []),
        ("POST", SAY, {"nonce": "n" * 26}, ["/nonce: "]),
        (
            "POST",
            SAY,
            {"components": [row({**BUTTON, "label": "l" * 81})]},
            ["/components/0/components/0/label: "],
        ),
        ("POST", SAY, {"components": [{"type": 99}]}, ["/components/0/type: 99 is not one of "]),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "x", "tts": False}}, []),
        (
            "POST",
            CALLBACK,
            {"type": 9, "data": {"title": "t", "custom_id": "c", "components": []}},
            ["/data/components: "],
        ),
        (
            "PUT",
            "/applications/{application_id}/commands",
            [{"name": "n", "nsfw": False, "descr": "d"}],
            ["/0: unknown key 'descr'"],
        ),
        (
            "POST",
            "/webhooks/{webhook_id}/{webhook_token}",
            {"content": "x", "flags": 64, "tts": False},
            [],
        ),
        ("POST", "/nowhere", {}, ["no such operation"]),
        ("GET", "/users/@me", {}, ["takes no body"]),
    ],
)
def test_a_complaint_names_the_place(
    judge: OpenApiJudge, method: str, template: str, body: Json, said: list[str]
) -> None:
    complaints = judge.request(method, template, body)
    assert len(complaints) == len(said)
    assert all(words in complaint for words, complaint in zip(said, complaints, strict=True)), (
        complaints
    )


def test_an_answer_is_judged_by_its_status(judge: OpenApiJudge) -> None:
    assert judge.answer("GET", "/gateway", 200, {"url": "wss://gateway"}) == []
    assert judge.answer("GET", "/gateway", 200, {}) == ['/: "url" is a required property']
    assert judge.answer("GET", "/gateway", 404, {"message": "404: Not Found", "code": 0}) == []
    assert judge.answer("GET", "/gateway", 404, {"message": "404: Not Found"}) == [
        '/: "code" is a required property'
    ]


texts = st.sampled_from([0, 1, 32, 33, 45, 46, 80, 81, 100, 101, 151, 1025, 4001]).map("x".__mul__)
options = st.lists(st.fixed_dictionaries({"label": texts, "value": texts}), max_size=26)
buttons = st.fixed_dictionaries(
    {"type": st.just(2), "style": st.integers(0, 7), "label": texts, "custom_id": texts}
)
menus = st.fixed_dictionaries(
    {"type": st.just(3), "custom_id": texts, "options": options},
    optional={
        "placeholder": texts,
        "min_values": st.integers(-1, 26),
        "max_values": st.integers(-1, 26),
    },
)
words = st.fixed_dictionaries({"type": st.just(10), "content": texts})
rows = st.lists(buttons | menus, max_size=6).map(lambda inside: row(*inside))
pictures = st.fixed_dictionaries(
    {"media": st.just({"url": "https://example.org/a.png"}), "description": texts}
)
galleries = st.lists(pictures, max_size=11).map(lambda items: {"type": 12, "items": items})
sections = st.builds(
    lambda inside, button: {"type": 9, "components": inside, "accessory": button},
    st.lists(words, max_size=4),
    buttons,
)
parts = words | rows | galleries | sections
boxes = st.lists(parts, max_size=4).map(lambda inside: {"type": 17, "components": inside})


@given(st.lists(parts | boxes, max_size=6))
def test_the_simulators_own_rules_refuse_whatever_the_document_refuses(
    judge: OpenApiJudge, components: list[Json]
) -> None:
    """So that a limit holds where the document is not there, too."""
    said = {"flags": V2, "components": components}
    if judge.request("POST", SAY, said):
        assert validation.message(said, V2)


lines = st.fixed_dictionaries(
    {"type": st.just(4), "custom_id": texts, "style": st.integers(0, 3)},
    optional={
        "min_length": st.sampled_from([-1, 0, 4000, 4001]),
        "max_length": st.sampled_from([0, 1, 4000, 4001]),
        "placeholder": texts,
        "value": texts,
    },
)
choosers = st.builds(
    lambda kind, name, inside: {"type": kind, "custom_id": name, "options": inside},
    st.sampled_from([21, 22]),
    texts,
    options,
)
labels = st.builds(
    lambda text, inside: {"type": 18, "label": text, "component": inside},
    texts,
    lines | menus | choosers,
)
forms = st.fixed_dictionaries(
    {"title": texts, "custom_id": texts, "components": st.lists(labels | words, max_size=3)},
)


@given(forms)
def test_a_form_that_the_document_refuses_is_refused_by_the_rules(
    judge: OpenApiJudge, form: Json
) -> None:
    if judge.request("POST", CALLBACK, {"type": 9, "data": form}):
        assert validation.modal(form)


choices = st.lists(st.fixed_dictionaries({"name": texts, "value": texts}), max_size=26)
arguments = st.fixed_dictionaries(
    {"type": st.just(3), "name": texts, "description": texts},
    optional={"choices": choices, "required": st.booleans()},
)
verbs = st.fixed_dictionaries(
    {"name": texts, "description": texts, "options": st.lists(arguments, max_size=26)}
)


@given(verbs)
def test_a_command_that_the_document_refuses_is_refused_by_the_rules(
    judge: OpenApiJudge, verb: Json
) -> None:
    if judge.request("PUT", "/applications/{application_id}/commands", [verb]):
        assert validation.command(verb, "")


async def test_a_bot_that_sends_what_is_unknown_fails_its_test(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    assert discord.judged
    await bot.says(ada, "x", mentions=[])
    assert await discord.violations() == [f"POST {SAY} sent /: unknown key 'mentions'"]


def test_each_allowance_gives_its_reason(judge: OpenApiJudge) -> None:
    assert 1 <= len(judge.allowed) <= 8
    assert all(set(one) == {"where", "says", "why"} and one["why"] for one in judge.allowed)
