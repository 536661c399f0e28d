"""Where the chat is found, and who is where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.web.http.address import Address

HERE = Address("127.0.0.1")
OPEN = Address("0.0.0.0")
PUBLIC = Address("127.0.0.1", "https://quiz.example.org")


@pytest.mark.parametrize(
    ("address", "host", "known"),
    [
        (HERE, "127.0.0.1:8420", True),
        (HERE, "localhost", True),
        (HERE, "[::1]:8420", True),
        (HERE, "quiz.example.org", False),
        (OPEN, "quiz.example.org", True),
        (PUBLIC, "quiz.example.org", True),
        (PUBLIC, "QUIZ.example.org:443", True),
        (PUBLIC, "127.0.0.1:8420", True),
        (PUBLIC, "quiz.example.org.evil.example", False),
        (Address("0.0.0.0", "https://quiz.example.org"), "evil.example", False),
    ],
)
def test_a_host_is_known_or_not(address: Address, host: str, known: bool) -> None:
    assert address.is_own_host(host) is known


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://quiz.example.org", "quiz.example.org", True),
        ("https://quiz.example.org", "127.0.0.1:8420", True),
        ("http://127.0.0.1:8420", "127.0.0.1:8420", True),
        ("http://127.0.0.1:9999", "127.0.0.1:8420", False),
        ("https://evil.example", "quiz.example.org", False),
        ("null", "quiz.example.org", False),
        ("", "", False),
    ],
)
def test_a_page_is_ours_or_not(origin: str, host: str, own: bool) -> None:
    assert PUBLIC.is_own_origin(origin, host) is own


@given(st.text(), st.text())
def test_no_host_and_no_origin_breaks_the_guard(host: str, origin: str) -> None:
    for address in (HERE, OPEN, PUBLIC):
        assert address.is_own_host(host) in {True, False}
        assert address.is_own_origin(origin, host) in {True, False}
