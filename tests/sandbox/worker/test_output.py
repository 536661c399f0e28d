"""Output that is cut keeps its count and its whole, wherever chunks begin and end."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import limits
from bot.sandbox.worker.output import OutputBuffer

TIGHT = replace(limits.read(), shown_kb=1, shown_lines=5, output_kb=2)


def taken(chunks: list[bytes]) -> tuple[str, OutputBuffer]:
    output = OutputBuffer(TIGHT)
    shown = "".join(output.add(chunk) for chunk in chunks)
    return shown + output.add(b"", final=True), output


def test_what_fits_is_shown_whole() -> None:
    shown, output = taken([b"a\nb", b"c\n"])
    assert (shown, output.hidden, output.content) == ("a\nbc\n", 0, b"a\nbc\n")


def test_lines_past_the_last_that_is_shown_are_counted() -> None:
    shown, output = taken([b"x\n" * 12])
    assert (shown, output.hidden) == ("x\n" * 5, 7)


def test_a_line_that_is_too_long_is_cut_in_the_middle() -> None:
    shown, output = taken(["é".encode() * 700])
    assert shown == "é" * 512
    assert output.hidden == 1


def test_a_letter_in_two_chunks_is_one_letter() -> None:
    assert taken(["é".encode()[:1], "é".encode()[1:]])[0] == "é"
    assert taken(["é".encode()[:1]])[0] == "\ufffd"


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_nothing_is_lost_and_nothing_grows(chunks: list[bytes]) -> None:
    shown, output = taken(chunks)
    everything = b"".join(chunks)[: TIGHT.output_kb * 1024]
    assert output.content == everything
    assert output.is_full == (len(everything) == TIGHT.output_kb * 1024)
    text = everything.decode("utf-8", "replace")
    assert text.startswith(shown)
    assert len(shown.encode()) <= TIGHT.shown_kb * 1024 + 3
    assert shown.count("\n") <= TIGHT.shown_lines
    rest = text[len(shown) :]
    assert output.hidden == rest.count("\n") + (bool(rest) and not rest.endswith("\n"))
