"""Signed cookies and passwords."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.web.http.sessions import CookieSigner, Session, same_password


@given(st.text(min_size=1, max_size=20), st.booleans(), st.text(), st.binary(min_size=1))
def test_a_signer_reads_what_it_signed_and_nothing_else(
    person: str, owner: bool, junk: str, secret: bytes
) -> None:
    signer = CookieSigner(secret)
    session = Session(person.replace(".", "-"), owner)
    assert signer.read(signer.sign(session)) == session
    assert signer.read(junk) is None
    assert CookieSigner(secret + b"x").read(signer.sign(session)) is None


@given(st.text(), st.text())
def test_passwords_are_the_same_only_when_they_are(one: str, other: str) -> None:
    assert same_password(one, one)
    assert same_password(one, other) is (one == other)
