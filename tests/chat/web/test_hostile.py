"""What a page would never send, and what other sites try."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.card import Card, Picture
from bot.chat.web import frames
from bot.errors import OperatorError, UserError
from bot.identity import MessageRef, Place
from bot.phrases.say import SENTENCES
from tests.chat.web.conftest import Invite
from tests.chat.web.group import Group, Guest, gathering
from tests.chat.web.samples import PNG

ACT = "an-act-of-the-tests"


async def test_another_sites_page_cannot_open_a_line_in_a_members_name(
    group: Group, invite: Invite
) -> None:
    mira = await invite("Mira")
    port = group.port
    for origin in (
        "https://evil.example",
        "null",
        "",
        f"http://127.0.0.1:{port + 1}",
        "http://[",
        f"ftp://127.0.0.1:{port}",
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await mira.session.ws_connect(f"{group.address}/live", headers={"Origin": origin})
        assert refused.value.status == 403


async def test_another_sites_form_cannot_enter_or_leave(invite: Invite) -> None:
    mira = await invite("Mira")
    for path in ("/enter", "/leave"):
        status, said = await mira.post(path, origin="https://evil.example", data={"name": "Eve"})
        assert (status, "another site" in said) == (403, True)
    assert 'id="composer"' in (await mira.get("/"))[1]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[", "10.0.0.1"]
)
async def test_a_foreign_host_name_is_refused(stranger: Guest, host: str) -> None:
    """A rebound DNS name would else reach the chat of this machine from any site."""
    status, said = await stranger.get("/", headers={"Host": host})
    assert status in {400, 421}
    assert 'name="name"' not in said


async def test_localhost_is_this_machine_too(group: Group, stranger: Guest) -> None:
    assert (await stranger.get("/", headers={"Host": f"localhost:{group.port}"}))[0] == 200


async def test_every_answer_carries_the_guards(group: Group, stranger: Guest) -> None:
    for path in ("/", "/page/chat.js", "/health", "/nowhere", "/pictures/x.png"):
        async with stranger.session.get(f"{group.address}{path}") as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_needs_nothing_inline_and_nothing_from_elsewhere(stranger: Guest) -> None:
    pages = [(await stranger.get("/"))[1]]
    await stranger.enter("Mira")
    pages.append((await stranger.get("/"))[1])
    for page in pages:
        for banned in ("<style", "style=", "onclick", "https://", "//cdn"):
            assert banned not in page


async def test_only_the_pages_own_files_are_served(stranger: Guest) -> None:
    named = ("..%2fplatform.py", "%2e%2e/platform.py", "nothing.js", "", "enter.html", "index.html")
    for path in (f"/page/{name}" for name in named):
        assert (await stranger.get(path))[0] == 404


async def test_a_file_that_the_browser_has_is_not_sent_again(group: Group, stranger: Guest) -> None:
    async with stranger.session.get(f"{group.address}/page/chat.js") as first:
        tag = first.headers["ETag"]
    assert (await stranger.get("/page/chat.js", headers={"If-None-Match": tag}))[0] == 304


async def test_a_picture_is_for_members_and_of_its_own_type(
    group: Group, invite: Invite, stranger: Guest
) -> None:
    await group.platform.post(
        Place("web", "web", "general"), Card("Look", (Picture(PNG, "a curve"),)), "picture"
    )
    mira = await invite("Mira")
    line = await mira.open()
    path = next(iter(line.notes.values()))["html"].partition('src="')[2].partition('"')[0]
    async with mira.session.get(f"{group.address}{path}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
        assert "immutable" in response.headers["Cache-Control"]
    assert (await stranger.get(path))[0] == 404
    assert (await mira.get(f"/pictures/{'0' * 64}.png"))[0] == 404


async def test_an_oversize_form_and_an_oversize_frame_are_refused(
    group: Group, invite: Invite, stranger: Guest
) -> None:
    assert (await stranger.enter("x" * 100_000))[0] == 413
    line = await (await invite("Mira")).open()
    await line.socket.send_str("x" * 300_000)
    assert (await line.socket.receive()).data == 1009
    assert (await stranger.get("/health")) == (200, "ok")
    assert group.heard == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=nonsense", b"name=Mira"),
        ("application/x-www-form-urlencoded", b"name=%ff%fe&name=&=&&"),
        ("application/json", b'{"name":"Mira"}'),
        ("multipart/form-data", b"--x"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=name; filename=f\r\n\r\nMira\r\n--x--",
        ),
    ],
)
async def test_a_form_without_sense_is_answered_kindly(
    stranger: Guest, kind: str, body: bytes
) -> None:
    headers = {"Origin": stranger.group.address, "Content-Type": kind}
    async with stranger.session.post(
        f"{stranger.group.address}/enter", headers=headers, data=body
    ) as response:
        assert response.status == 422
        assert "Choose a name" in await response.text()


async def test_a_line_of_2001_characters_is_refused_and_one_of_2000_is_not(invite: Invite) -> None:
    line = await (await invite("Mira")).open()
    await line.say("x" * 2000)
    await line.send(kind="line", channel="general", text="x" * 2001)
    assert "at most 2000" in (await line.hear("refused"))["text"]


@pytest.mark.parametrize(
    "raw",
    [
        "", "null", "[]", "{}", "{", '"x"', "1e999", "[" * 50_000, '{"kind":[]}',
        '{"kind":"line"}', '{"kind":"nothing"}',
        '{"kind":"line","id":"short","channel":"general","text":"x"}',
        f'{{"kind":"line","id":"{ACT}","channel":"nowhere","text":"x"}}',
        f'{{"kind":"line","id":"{ACT}","channel":"general","text":"\\u0000\\ud800"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":5,"action":"x"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":"-1","action":"x"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":"{"9" * 30}","action":"x"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":"1","action":"{"x" * 101}"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":"1","action":"x","values":"abc"}}',
        f'{{"kind":"press","id":"{ACT}","channel":"general","message":"1","action":"x","values":[[1]]}}',
        '{"kind":"earlier","channel":"general","before":"x"}',
        '{"kind":"clock","sent":NaN}', '{"kind":"clock","sent":true}',
    ],
)  # fmt: skip
async def test_a_frame_without_sense_is_answered_and_the_line_stays(
    group: Group, invite: Invite, raw: str
) -> None:
    line = await (await invite("Mira")).open()
    await line.socket.send_str(raw)
    assert (await line.hear("refused"))["text"]
    await line.socket.send_bytes(b"\x00")
    assert "Only text" in (await line.hear("trouble"))["text"]
    await line.say("still here")
    assert group.heard == []


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
fields = st.fixed_dictionaries(
    {"kind": st.sampled_from(["line", "press", "reaction", "earlier", "clock"])},
    optional={
        "id": st.just(ACT) | anything,
        "channel": st.just("general") | anything,
        "text": st.text() | anything,
        "message": st.from_regex(r"\A[0-9]{1,20}\Z") | anything,
        "action": st.text() | anything,
        "values": st.lists(st.text()) | anything,
        "emoji": st.text() | anything,
        "added": anything,
        "before": anything,
        "sent": anything,
    },
)


@given(st.text() | anything.map(json.dumps) | fields.map(json.dumps))
def test_any_frame_is_read_or_refused(raw: str) -> None:
    """And what is read can be stored on every engine."""
    act = frames.act_id(raw)
    assert act is None or len(act) <= 64
    try:
        frame = frames.parse_frame(raw, ("general",))
    except UserError as error:
        assert error.reason in SENTENCES
        return
    for value in asdict(frame).values():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                assert "\x00" not in text
                text.encode()
            if isinstance(text, int):
                assert abs(text) < 2**63


async def test_a_taken_port_is_named_with_the_setting_that_changes_it(
    group: Group, tmp_path: Path
) -> None:
    other = Group(tmp_path / "other.db")
    other.port = group.port
    with pytest.raises(OperatorError, match=f"Port {group.port} is taken.*TORCHPROOF_WEB_PORT"):
        await other.start()
    await other.database.close()


async def test_an_address_of_another_machine_is_refused_with_the_setting(tmp_path: Path) -> None:
    other = Group(tmp_path / "other.db", host="192.0.2.1")
    with pytest.raises(OperatorError, match="TORCHPROOF_WEB_HOST"):
        await other.start()
    await other.database.close()


async def test_editing_what_is_gone_or_never_was_is_no_error(group: Group) -> None:
    place = Place("web", "web", "general")
    for message in ("404", "x", "", "-1", "²", "9" * 40):
        await group.platform.edit(MessageRef(place, message), Card("Edited"))


async def test_bound_to_all_addresses_any_host_name_is_fine_but_foreign_origins_are_not(
    tmp_path: Path,
) -> None:
    async with gathering(tmp_path / "chat.db", host="0.0.0.0", password="sesame") as group:
        guest = Guest(group)
        assert (await guest.get("/", headers={"Host": "quiz.example"}))[0] == 200
        assert (await guest.post("/enter", origin="https://evil.example", data={"name": "Eve"}))[
            0
        ] == 403
        await guest.session.close()


async def test_fifty_pages_at_once_all_see_the_same(group: Group, invite: Invite) -> None:
    people = [await invite(f"Member {number}") for number in range(25)]
    lines = await asyncio.gather(*(person.open() for person in people * 2))
    await lines[0].say("to all")
    for line in lines:
        await line.until("to all")
    assert len(group.heard) == 0
