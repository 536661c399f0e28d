"""Logging in, staying known, logging out."""

from pathlib import Path

import pytest

from bot.chat.platform_interface import Leaving
from bot.chat.web.http.sessions import CookieSigner, OwnerLink, Session
from tests.chat.web.conftest import Invite
from tests.chat.web.group import SECRET, Group, Guest, gathering

NAME = CookieSigner(SECRET).cookie


async def test_a_stranger_is_asked_for_a_name_and_nothing_else(stranger: Guest) -> None:
    status, page = await stranger.get("/")
    assert status == 200
    assert 'name="name"' in page
    assert "password" not in page


async def test_whoever_came_in_is_known_after_a_restart(group: Group, stranger: Guest) -> None:
    await stranger.enter("Mira")
    await group.stop()
    await group.start()
    line = await stranger.open()
    await line.say("still me")
    assert line.notes[1]["author"] == "Mira"


async def test_a_taken_name_is_refused_with_a_free_one(invite: Invite, stranger: Guest) -> None:
    await invite("Mira")
    for name in ("Mira", " mira ", "MIRA", "Ｍｉｒａ", "M\ufe0fira"):
        status, page = await stranger.enter(name)
        assert status == 422
        assert "2 is free" in page


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u200b\u202e",
        "\u3164",
        "...",
        "x" * 10_000,
        "M\u200bira",
        "\u202eMira",
        "a\U000e0041",
    ],
)
async def test_a_name_that_is_no_name_is_refused_with_a_sentence(
    stranger: Guest, name: str
) -> None:
    status, page = await stranger.enter(name)
    assert status == 422
    assert 'role="alert"' in page
    assert "Choose" in page


@pytest.mark.parametrize(
    "name",
    [
        "Torchproof", "torch-proof ", "T0rchpr00f", "T\u043erchpr\u043e\u043ef", "Torchprøøf",
        "Ｔｏｒｃｈｐｒｏｏｆ", "Torchprooooof", "T\u0301orchproof",
        "\u1d1b\u1d0f\u0280\u1d04\u029c\u1d18\u0280\u1d0f\u1d0f\ua730", "Torchproof 2",
        "The Torchproof Bot", "t o r c h p r o o f",
    ],
)  # fmt: skip
async def test_nobody_passes_for_the_bot(stranger: Guest, name: str) -> None:
    status, page = await stranger.enter(name)
    assert (status, "passes for Torchproof" in page) == (422, True)


async def test_a_name_with_markup_is_shown_as_it_is(stranger: Guest) -> None:
    await stranger.enter("<script>alert(1)</script>")
    line = await stranger.open()
    await line.say("hello")
    assert line.notes[1]["author"] == "<script>alert(1)</script>"
    taken = Guest(stranger.group)
    _, page = await taken.enter("<script>alert(1)</script>")
    assert "<script>" not in page
    await taken.session.close()


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "..",
        "a.owner.0",
        f"a.member.{'0' * 64}",
        "\xff",
        "%00",
        "a" * 5000,
        f"{CookieSigner(b'other').sign(Session('a'))}",
    ],
)
async def test_a_forged_cookie_makes_a_stranger(group: Group, stranger: Guest, cookie: str) -> None:
    status, page = await stranger.get("/", headers={"Cookie": f"{NAME}={cookie}"})
    assert (status, 'name="name"' in page) == (200, True)
    if cookie and cookie.isascii():
        assert "did not give out" in page
    headers = {"Cookie": f"{NAME}={cookie}", "Origin": group.address}
    socket = await stranger.session.ws_connect(f"{group.address}/live", headers=headers)
    assert (await socket.receive()).data == 4401


async def test_the_owners_link_works_once(group: Group, stranger: Guest) -> None:
    token = group.platform.owner_link.partition("=")[2]
    status, page = await stranger.get(f"/?owner={token}")
    assert (status, "owner" in page) == (200, True)
    await stranger.enter("Mira")
    await (await stranger.open()).say("/settings on")
    assert group.heard[0].person.admin
    other = Guest(group)
    status, page = await other.get(f"/?owner={token}")
    assert (status, "does not work" in page) == (403, True)
    await other.session.close()


async def test_who_is_in_already_can_become_the_owner(group: Group, invite: Invite) -> None:
    mira = await invite("Mira")
    await mira.get(group.platform.owner_link.removeprefix(group.address))
    await (await mira.open()).say("/settings on")
    assert (group.heard[0].person.name, group.heard[0].person.admin) == ("Mira", True)


async def test_a_wrong_token_makes_nobody_an_owner(stranger: Guest) -> None:
    for token in ("", "x", "é", "x" * 5000):
        status, _ = await stranger.get("/", params={"owner": token})
        assert status == 403
    assert OwnerLink().token != OwnerLink().token


async def test_leaving_is_heard_frees_the_name_and_closes_the_pages(
    group: Group, invite: Invite
) -> None:
    mira = await invite("Mira")
    line = await mira.open()
    status, page = await mira.post("/leave")
    assert (status, 'name="name"' in page) == (200, True)
    await line.until("Mira left")
    assert (await line.socket.receive()).data == 4401
    leaving = group.heard[-1]
    assert isinstance(leaving, Leaving)
    assert leaving.place.platform == "web"
    again = await invite("Mira")
    assert (await again.open()).texts == ["Mira left"]


async def test_an_owner_who_leaves_is_told_that_the_right_stays_with_the_browser(
    group: Group, stranger: Guest
) -> None:
    """The link worked once: a place whose owner chose another name would have none."""
    await stranger.get(group.platform.owner_link.removeprefix(group.address))
    await stranger.enter("Mira")
    status, page = await stranger.post("/leave")
    assert (status, "whoever comes in here may change settings" in page) == (200, True)
    await stranger.enter("Mira the Second")
    await (await stranger.open()).say("/settings on")
    assert group.heard[-1].person.admin


async def test_with_a_password_only_those_who_know_it_come_in(tmp_path: Path) -> None:
    async with gathering(tmp_path / "chat.db", password="sesame") as group:
        guest = Guest(group)
        assert "password" in (await guest.get("/"))[1]
        for wrong in ("", "Sesame", "ſesame"):
            status, page = await guest.enter("Mira", wrong)
            assert (status, "not this group" in page) == (422, True)
        status, page = await guest.enter("Mira", "sesame")
        assert 'id="composer"' in page
        await guest.session.close()


async def test_guessing_passwords_is_slowed_down_even_for_the_right_one(tmp_path: Path) -> None:
    async with gathering(tmp_path / "chat.db", password="sesame") as group:
        guest = Guest(group)
        for _ in range(5):
            await guest.enter("Mira", "guess")
        status, page = await guest.enter("Mira", "sesame")
        assert (status, "Too many wrong" in page) == (422, True)
        await guest.session.close()


async def test_the_owners_link_needs_no_password(tmp_path: Path) -> None:
    async with gathering(tmp_path / "chat.db", password="sesame") as group:
        guest = Guest(group)
        await guest.get(group.platform.owner_link.removeprefix(group.address))
        assert 'id="composer"' in (await guest.enter("Mira"))[1]
        await guest.session.close()


async def test_a_class_comes_in_at_once_and_a_crowd_is_slowed_down(group: Group) -> None:
    guest = Guest(group)
    page, tried = "", 0
    while "Many people came in" not in page:
        tried += 1
        _, page = await guest.enter(f"Member {tried}")
        guest.session.cookie_jar.clear()
    assert tried > 60
    await guest.session.close()


async def test_two_chats_on_one_machine_do_not_sign_each_others_people_out(
    tmp_path: Path, group: Group
) -> None:
    """Browsers keep cookies by host, whatever the port."""
    async with gathering(tmp_path / "other.db", secret=b"another secret") as other:
        guest = Guest(group)
        await guest.enter("Mira")
        guest.group = other
        await guest.enter("Mira")
        for chat in (group, other):
            guest.group = chat
            assert 'id="composer"' in (await guest.get("/"))[1]
        await guest.session.close()


PUBLIC = "https://quiz.example.org"


async def test_behind_a_proxy_its_address_is_the_chats_own(tmp_path: Path) -> None:
    async with gathering(tmp_path / "chat.db", public=PUBLIC) as chat:
        assert chat.platform.owner_link.startswith(f"{PUBLIC}/?owner=")
        guest, here = Guest(chat), f"http://127.0.0.1:{chat.port}"
        for host in (
            "quiz.example.org",
            f"127.0.0.1:{chat.port}",
        ):  # as proxies hand it on, or put their own
            headers = {"Host": host, "Origin": PUBLIC}
            form = {"name": f"Mira at {host}"[:30]}
            async with guest.session.post(
                f"{here}/enter", headers=headers, data=form, allow_redirects=False
            ) as response:
                assert (response.status, "Secure" in response.headers["Set-Cookie"]) == (303, True)
        for headers, status in (
            ({"Host": "evil.example"}, 421),
            ({"Host": "quiz.example.org", "Origin": "https://evil.example"}, 403),
        ):
            async with guest.session.post(
                f"{here}/enter", headers=headers, data={"name": "Eve"}
            ) as response:
                assert response.status == status
        await guest.session.close()


async def test_a_proxy_tells_strangers_apart(tmp_path: Path) -> None:
    """One who guesses passwords locks nobody else out, and cannot pretend to be many."""
    async with gathering(tmp_path / "chat.db", public=PUBLIC, password="sesame") as chat:
        guest, answers = Guest(chat), []
        for number, (said, password) in enumerate(
            [("1.1.1.1, 9.9.9.9", "guess")] * 5
            + [("8.8.8.8, 9.9.9.9", "sesame"), ("9.9.9.9, 8.8.8.8", "sesame")]
        ):
            headers = {"Origin": PUBLIC, "X-Forwarded-For": said}
            form = {"name": f"Mira {number}", "password": password}
            address = f"http://127.0.0.1:{chat.port}/enter"
            async with guest.session.post(
                address, headers=headers, data=form, allow_redirects=False
            ) as response:
                answers.append(response.status)
        assert answers == [422] * 6 + [303]
        await guest.session.close()
