"""What strangers' code left can be opened by members, and is never run by a browser."""

import aiohttp
import pytest

from bot.chat.card import Card, File
from bot.chat.web import images
from bot.chat.web.cards import render
from tests.chat.web.conftest import Invite
from tests.chat.web.group import Group, Guest


async def opened(
    session: aiohttp.ClientSession, group: Group, data: bytes, name: str
) -> aiohttp.ClientResponse:
    await group.storage.keep(images.digest(data), data)
    async with session.get(
        f"{group.address}/files/{images.digest(data)}/{images.file_name(name)}"
    ) as response:
        await response.read()
        return response


async def test_text_is_shown_as_bare_text_and_all_else_is_kept(
    group: Group, invite: Invite
) -> None:
    guest = await invite("Mira")
    page = await opened(guest.session, group, b"<script>alert(1)</script>", "x.html")
    assert page.content_type == "text/plain"
    assert page.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    weights = await opened(guest.session, group, b"\x80\x00", "../../w.pt")
    assert (weights.content_type, weights.headers["Content-Disposition"]) == (
        "application/octet-stream",
        'attachment; filename="_.._w.pt"',
    )


async def test_a_stranger_sees_no_file_and_nobody_one_that_is_not_there(
    group: Group, invite: Invite, stranger: Guest
) -> None:
    assert (await opened(stranger.session, group, b"secret", "x.txt")).status == 404
    guest = await invite("Mira")
    for digest in ("0" * 64, "short"):
        async with guest.session.get(f"{group.address}/files/{digest}/x.txt") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a b.txt", "a_b.txt"), ("..", "file"), ('"\r\n', "_"), ("x" * 200, "x" * 80)],
)
def test_a_name_means_nothing_to_a_header(name: str, safe: str) -> None:
    assert images.file_name(name) == safe


def test_a_card_links_to_its_file() -> None:
    drawn = render(Card("Done", (File(b"42", "output.txt", "The whole <output>"),)))
    assert f'href="/files/{images.digest(b"42")}/output.txt"' in drawn.html
    assert "The whole &lt;output&gt;" in drawn.html
