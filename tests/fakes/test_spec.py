"""The official document as a judge: strict, readable, and forgiving only where a reviewed list says so."""

import pytest

from tests.fakes import spec
from tests.fakes.bare import Bare, button, row
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.world import Json
from tests.fakes.discord_server import DOCUMENT

folder = spec.schemas()
if folder is None:
    pytest.skip(
        f"{spec.FOLDER} names no folder with {DOCUMENT}: what is sent is not judged by the official schemas",
        allow_module_level=True,
    )

SAY, CALLBACK = "/channels/{channel_id}/messages", "/interactions/{interaction_id}/{interaction_token}/callback"
BUTTON = button("answer:1:a")


@pytest.fixture(scope="module")
def judge() -> spec.Judge:
    assert folder
    return spec.Judge(folder / DOCUMENT)


@pytest.mark.parametrize(
    ("method", "template", "body", "said"),
    [
        ("POST", SAY, {"content": "x"}, []),
        ("POST", SAY, {"content": "x", "components": [row(BUTTON)]}, []),
        ("POST", SAY, {"contents": "x"}, ["/: unknown key 'contents'"]),
        ("POST", SAY, {"embeds": [{"titel": "x", "flags": 0}]}, ["/embeds/0: unknown key 'titel'"]),
        ("POST", SAY, {"attachments": [{"id": 0, "filename": "x"}]}, []),
        ("POST", SAY, {"nonce": "n" * 26}, ["/nonce: "]),
        ("POST", SAY, {"components": [row({**BUTTON, "label": "l" * 81})]}, ["/components/0/components/0/label: "]),
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
        ("POST", "/webhooks/{webhook_id}/{webhook_token}", {"content": "x", "flags": 64, "tts": False}, []),
        ("POST", "/nowhere", {}, ["no such operation"]),
        ("GET", "/users/@me", {}, ["takes no body"]),
    ],
)
def test_a_complaint_names_the_place(
    judge: spec.Judge, method: str, template: str, body: Json, said: list[str]
) -> None:
    complaints = judge.request(method, template, body)
    assert len(complaints) == len(said)
    assert all(words in complaint for words, complaint in zip(said, complaints, strict=True)), complaints


def test_an_answer_is_judged_by_its_status(judge: spec.Judge) -> None:
    assert judge.answer("GET", "/gateway", 200, {"url": "wss://gateway"}) == []
    assert judge.answer("GET", "/gateway", 200, {}) == ['/: "url" is a required property']
    assert judge.answer("GET", "/gateway", 404, {"message": "404: Not Found", "code": 0}) == []
    assert judge.answer("GET", "/gateway", 404, {"message": "404: Not Found"}) == ['/: "code" is a required property']


async def test_a_bot_that_sends_what_is_unknown_fails_its_test(discord: Discord, bot: Bare, ada: Member) -> None:
    assert discord.judged
    await bot.says(ada, "x", mentions=[])
    assert await discord.violations() == [f"POST {SAY} sent /: unknown key 'mentions'"]


def test_each_allowance_gives_its_reason(judge: spec.Judge) -> None:
    assert 1 <= len(judge.allowed) <= 8
    assert all(set(one) == {"where", "says", "why"} and one["why"] for one in judge.allowed)
