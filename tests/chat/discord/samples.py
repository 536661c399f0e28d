"""Cards of every kind, with whatever people and authors may have written in them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.chat.card import (
    Button,
    Card,
    Choice,
    Code,
    Countdown,
    Facts,
    File,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Strong,
    Table,
    Text,
)

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = (
    "@everyone", "<@1234567890>", "<@&1>", "<#1>", "</help:1>", "<t:1:R>", "<:x:1>", "```", "`",
    "**", "||", "# ", "-# ", "> ", ">>> ", "1. ", "- ", "[a](https://example.org)",
    "https://example.org", "discord.gg/abc", "\\", "\u202e",
    "\0", "\n", "\r\n", "\u2028", "é" * 30, "漢字", "👍🏽", "word " * 40,
)  # fmt: skip
words = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(NASTY), max_size=8).map("".join))
long_words = st.one_of(
    words, st.integers(0, 9000).map("ab ".__mul__), st.integers(0, 5000).map("*".__mul__)
)
spans = st.lists(
    st.one_of(long_words, st.builds(Mono, long_words), st.builds(Strong, long_words)), max_size=5
).map(tuple)
actions = st.one_of(
    st.sampled_from(["answer:1:A", "answer:1:B", "hint:1", "x" * 99]),
    st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=100),
)


def few(what: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(what, max_size=most).map(tuple)


options = st.builds(
    ShownOption,
    words,
    spans,
    st.none() | st.booleans(),
    st.none() | st.integers(0, 10**6),
    st.just(()) | spans,
)
tables = st.integers(0, 6).flatmap(
    lambda width: st.builds(
        Table,
        words,
        st.tuples(*[words] * width),
        st.lists(st.tuples(*[words] * width), max_size=60).map(tuple),
        st.none() | st.integers(0, 59),
    )
)
blocks = st.one_of(
    st.builds(Text, spans, st.booleans()),
    st.builds(Code, long_words, words),
    st.builds(Options, few(options, 8)),
    st.builds(Facts, few(st.tuples(words, long_words), 12)),
    tables,
    st.builds(
        Picture,
        st.sampled_from([PNG, PNG + b"x" * 2000, b"GIF89a", b"no picture"]),
        long_words,
        words,
    ),
    st.builds(File, st.binary(max_size=40), words, long_words),
    st.just(Countdown(datetime(2026, 3, 2, 9, tzinfo=UTC))),
    st.builds(Choice, words, actions, few(st.tuples(words, long_words), 40)),
    st.builds(Input, words, actions, words),
)
buttons = st.builds(
    Button, long_words, actions, st.sampled_from(["normal", "primary", "quiet", "danger"]), words
)
cards = st.builds(
    Card,
    long_words,
    few(blocks, 30),
    few(buttons, 60),
    st.sampled_from(["plain", "good", "bad", "partly", "over"]),
)
