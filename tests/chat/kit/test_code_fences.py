"""Code in what people write."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.kit.code_fences import code_in, code_in_fence, reads_as_python, unfenced


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```python\nprint(1)\n```", "print(1)"),
        ("look: ```py\n  a\n    b\n``` and then ```2```", "a\n  b"),
        ("```print(1)```", "print(1)"),
        ("```\nnever closed", "never closed"),
        ("no code", ""),
        ("`print(1)`", ""),
        ("``````", ""),
    ],
)
def test_the_first_fence_holds_the_code(text: str, code: str) -> None:
    assert code_in_fence(text) == code


def test_without_a_fence_it_is_all_code_and_what_indents_it_goes() -> None:
    assert unfenced("  a = 1\n  b = 2\n") == "a = 1\nb = 2"
    assert unfenced("print('```')") == "print('```')"


@pytest.mark.parametrize(
    "text", ["x = 1", "print(1)", "import torch", "for i in x: i", "x @ w.T; y += 1", "assert a"]
)
def test_code_reads_as_code(text: str) -> None:
    assert code_in(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "yes, no",
        "note: this",
        "a - b",
        "What now?",
        "42",
        "",
        "…",
        "True",
        "x" * 4000,
        "\0",
        "\ud800",
    ],
)
def test_prose_does_not_even_where_python_could_read_it(text: str) -> None:
    assert code_in(text) == ""


@given(st.text(alphabet="([{}]):,'\"\\=+-*f0a \n`", max_size=4000))
def test_whatever_is_written_is_read_without_a_failure(text: str) -> None:
    code_in(text)
    unfenced(text)


@pytest.mark.parametrize(
    "letters", ["(", "{", "[", "([{", "f'{", "lambda:", "not ", "a[", "{1:", "print ", "-", "a="]
)
def test_what_would_hold_a_parser_up_does_not(letters: str) -> None:
    """Nested as deeply as a message is long."""
    began = time.perf_counter()
    reads_as_python(letters * (4000 // len(letters)))
    assert time.perf_counter() - began < 1
