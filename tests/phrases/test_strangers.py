"""Whatever code says, it stays where it stands and all of it can be seen."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.phrases.untrusted_text import harmless

MEAN = st.sampled_from(
    [
        "\x1b[31m",
        "\x1b[2J",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x9b1m",
        "\r",
        "\r\n",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\xad",
        "\u2028",
        "\x85",
        "\ud800",
        "\U000e0041",
        "\ufe0f",
        "\u3164",
        "\u0301" * 9,
        "\x00",
        "\x08",
        "\x1b",
        "\uffff",
    ]
)
text = st.lists(MEAN | st.text(st.characters(codec=None), max_size=8)).map("".join)


@given(text)
@example("\x1b\x1b[31m[31m")
def test_only_what_can_be_seen_is_left(said: str) -> None:
    left = harmless(said)
    assert {unicodedata.category(letter) for letter in left if letter not in "\n\t"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    assert "\u0301" * 4 not in left
    left.encode()


@given(text)
def test_what_is_harmless_stays_as_it_is(said: str) -> None:
    assert harmless(harmless(said)) == harmless(said)


@given(
    st.text(
        st.characters(
            codec="ascii", categories=["L", "N", "P", "S", "Zs"], include_characters="\n\t"
        )
    )
)
def test_plain_text_is_never_changed(said: str) -> None:
    assert harmless(said) == said


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("10%\r50%\r100%\ndone\r\n", "100%\ndone\n"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("größer → 2 × 3 ≈ 6, Ελληνικά, 日本, नमस्ते", "größer → 2 × 3 ≈ 6, Ελληνικά, 日本, नमस्ते"),
        ("\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "click"),
    ],
)
def test_it_reads_as_a_person_would_read_a_terminal(said: str, seen: str) -> None:
    assert harmless(said) == seen


@pytest.mark.parametrize("mean", ["x", "\r", "\x1b[", "\x1b]", "\x1b[0", "e\u0301", "\u0301"])
def test_a_megabyte_of_anything_takes_less_than_a_second(mean: str) -> None:
    began = time.process_time()
    harmless(mean * (1 << 20))
    assert time.process_time() - began < 3
