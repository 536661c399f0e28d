"""Questions as hypothesis makes them up: every kind of key, every level, texts in any script."""

from dataclasses import dataclass

from hypothesis import strategies as st

from bot.quiz.files.invisible_characters import without_invisible
from bot.quiz.questions import Choices, Figure, Key, Kind, Level, Number, Option, Phrase, Question

LETTERS = "ABCDEF"

characters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
lines = st.text(characters, min_size=1, max_size=40).filter(
    lambda text: without_invisible(text).strip() != ""
)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody may learn before the end: the key's part that tells, and the texts about it."""

    right: tuple[bool, ...]
    why_not: tuple[str, ...]
    number: Number
    phrase: Phrase
    explanation: str
    concept: str
    proof: str
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody may see of a question from the beginning."""

    asks: str
    texts: tuple[str, ...]
    several: bool
    kind: Kind
    level: Level
    seconds: int
    tries: int
    title: str
    prompt: str
    code: str
    figure: Figure | None
    hints: tuple[str, ...]


def question(shown: Shown, secret: Secrets) -> Question:
    return Question(
        id="gates/one",
        pack="gates",
        kind=shown.kind,
        level=shown.level,
        seconds=shown.seconds,
        tries=shown.tries,
        title=shown.title,
        prompt=shown.prompt,
        code=shown.code,
        figure=shown.figure,
        hints=shown.hints,
        explanation=secret.explanation,
        concept=secret.concept,
        key=_key(shown, secret),
        proof=secret.proof,
        digest=secret.digest,
    )


def _key(shown: Shown, secret: Secrets) -> Key:
    if shown.asks == "number":
        return secret.number
    if shown.asks == "phrase":
        return secret.phrase
    rows = zip(LETTERS, shown.texts, secret.right, secret.why_not, strict=False)
    return Choices(tuple(Option(*row) for row in rows), shown.several)


shown = st.builds(
    Shown,
    asks=st.sampled_from(["choices", "number", "phrase"]),
    texts=st.lists(lines, min_size=2, max_size=6).map(tuple),
    several=st.booleans(),
    kind=st.sampled_from(Kind),
    level=st.sampled_from(Level),
    seconds=st.integers(10, 1800),
    tries=st.integers(1, 5),
    title=lines,
    prompt=lines,
    code=st.text(characters, max_size=40),
    figure=st.none() | st.builds(Figure, file=st.just("figures/one.png"), alt=lines),
    hints=st.lists(lines, max_size=5).map(tuple),
)
secrets = st.builds(
    Secrets,
    right=st.lists(st.booleans(), min_size=6, max_size=6).map(tuple),
    why_not=st.lists(lines, min_size=6, max_size=6).map(tuple),
    number=st.builds(Number, numbers, st.floats(0, 1e6)),
    phrase=st.builds(Phrase, st.lists(lines, min_size=1, max_size=4).map(tuple)),
    explanation=lines,
    concept=lines,
    proof=st.text(characters, max_size=40),
    digest=st.text("0123456789abcdef", min_size=16, max_size=16),
)
questions = st.builds(question, shown, secrets)
OPTIONS = (
    Option("A", "It keeps `state`", right=True),
    Option("B", "It stops `state`", right=False, why_not="That is a gate of `0`."),
    Option("C", "It adds `1`", right=False, why_not="It multiplies."),
    Option("D", "Nothing", right=False, why_not="It is a product."),
)
GATE = Question(
    id="gates/one",
    pack="gates",
    kind=Kind.CONCEPTUAL,
    level=Level.INTERMEDIATE,
    seconds=90,
    tries=2,
    title="What a gate does",
    prompt="What does a gate of `1` do?",
    code="gate * state",
    figure=None,
    hints=("Think of a product.", "What is `1 * 7`?"),
    explanation="It lets **everything** through.\n\nA gate of `0` stops it.",
    concept="A gate `multiplies`.",
    key=Choices(OPTIONS),
    proof="assert 1 * 7 == 7",
    digest="0123456789abcdef",
)
"""One plain question, for tests that need no more."""
