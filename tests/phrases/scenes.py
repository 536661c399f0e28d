"""What the phrases are handed: rounds, seats, verdicts, offers and the people in them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.card import Block, Card, Facts, Mono, Strong, Table
from bot.identity import Place
from bot.model.boards import Board, BoardLine, BoardView
from bot.model.home import HomePage
from bot.model.packs import PackLine, PackOffer, PackSummary, Take
from bot.model.people import Player
from bot.model.profile import Accuracy, FinishedSitting, Profile, RecentScore, ScoreExplained
from bot.model.rounds import Attempt, Round, RoundResult, Sitting, Verdict
from bot.quiz.badges import Badge
from bot.quiz.judging.points import Factors, Pays, score
from bot.quiz.questions import Choices, Figure, Level, Number, Option, Pack, Phrase, Question
from bot.quiz.streaks import Streak
from tests.quiz.generated import GATE, OPTIONS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = Place("web", "local", "general")
ANN = Player(7, "Ann", None, name_hidden=False)
BOB = Player(8, "Bob", None, name_hidden=True)
SEVERAL = replace(
    GATE,
    key=Choices(tuple(replace(each, right=each.letter in "AB") for each in OPTIONS), several=True),
)
TRUTH = replace(
    GATE,
    tries=1,
    key=Choices((Option("A", "True", right=True), Option("B", "False", False, "It does."))),
)
NUMBER = replace(GATE, key=Number(1234567, 0.5))
PHRASE = replace(GATE, key=Phrase(("a `gate`", "gate")))
DRAWN = replace(GATE, figure=Figure("figures/gate.png", "A gate"), code="", hints=(), proof="")
PACK = Pack("gates", "Gates", "What a gate lets through.", "Gate Keeper", "🚪", 4, (GATE, TRUTH))


def asked(question: Question = GATE, **changes: Any) -> Round:
    """A live round that opened at noon."""
    opened = Round(
        id=42,
        mode="live",
        status="open",
        place=HERE,
        zone=None,
        question=question,
        owner=None,
        take_id=None,
        position=None,
        speed=True,
        by_reaction=False,
        question_filter="gates..",
        opened_at=NOON,
        closes_at=NOON + timedelta(seconds=question.seconds),
        closed_at=None,
        message_id="1",
    )
    return replace(opened, **changes)


def practice(question: Question = GATE) -> Round:
    return asked(question, mode="practice", owner=7, closes_at=None)


def seat(**changes: Any) -> Sitting:
    return Sitting(42, 7, **changes)


def done(share: float = 1.0, points: int = 100, tries: int = 1) -> Sitting:
    return seat(tries_used=tries, share=share, points=points, solved=share == 1, finished_at=NOON)


def factors(
    share: float = 1.0, number: int = 1, hints: int = 0, left: float = 0.0, pays: Pays = "yes"
) -> Factors:
    return score(Level.INTERMEDIATE, share, number, hints, left, pays)


def verdict(where: Round, answer: tuple[str, ...], sitting: Sitting, **changes: Any) -> Verdict:
    share = changes.pop("share", sitting.share)
    return Verdict(
        where,
        answer,
        sitting,
        share=share,
        factors=changes.pop("factors", factors(share)),
        **changes,
    )


def gave(*answer: str, share: float = 1.0, points: int = 100) -> Attempt:
    return Attempt(42, 7, 1, answer, share, points, points, asdict(factors(share)), NOON)


def result(
    question: Question = GATE,
    chosen: Iterable[str] = (),
    first: Player | None = ANN,
    solved: int = 1,
) -> RoundResult:
    after = timedelta(seconds=12.34) if first else None
    return RoundResult(asked(question, status="closed"), 2, solved, Counter(chosen), first, after)


def take(right: int = 2, **changes: Any) -> Take:
    return replace(Take(5, 7, 1, HERE, "gates", ("one", "two"), NOON, NOON, right), **changes)


def offer(**changes: Any) -> PackOffer:
    return replace(PackOffer(PACK, 0, 0, has_badge=False, under_way=None, reached=0), **changes)


def summary(*lines: PackLine, right: int = 2, **changes: Any) -> PackSummary:
    whole = lines or (line(), line(TRUTH))
    return replace(
        PackSummary(take(right), PACK, whole, right, has_badge=right == len(whole)), **changes
    )


def line(
    question: Question = GATE, given: Attempt | None = None, sitting: Sitting | None = None
) -> PackLine:
    return PackLine(question, given or gave("A"), sitting or done())


def finished(*, solved: bool = True, points: int = 100, round_id: int = 42) -> RecentScore:
    return RecentScore(
        FinishedSitting(round_id, "live", GATE.id, GATE.digest, solved, points, NOON), GATE
    )


def profile(**changes: Any) -> Profile:
    whole = Profile(
        player=ANN,
        zone="Europe/Berlin",
        coming=None,
        points=1234,
        streak=Streak(3, 5, today=True),
        badges=(Badge("pack:gates", "Gate Keeper", "🚪"),),
        by_kind={"predict-output": Accuracy(1, 3)},
        by_level={"expert": Accuracy(1, 1)},
        recent=(finished(), finished(solved=False, points=0)),
    )
    return replace(whole, **changes)


def own_page(**changes: Any) -> HomePage:
    whole = HomePage(profile(), view(ranked(BOB), ranked(ANN, 50, 2)), (offer(),), (asked(),))
    return replace(whole, **changes)


def why(
    question: Question = GATE, given: Attempt | None = None, parts: Factors | None = None
) -> ScoreExplained:
    return ScoreExplained(question, given or gave("A"), parts or factors(), question.tries)


def view(*top: BoardLine, around: tuple[BoardLine, ...] = (), reader: Player = ANN) -> BoardView:
    return BoardView("here", "week", Board(top, around, len(top)), reader)


def ranked(player: Player, points: int = 100, rank: int = 1) -> BoardLine:
    return BoardLine(player.id, player.name, player.name_hidden, points, rank)


def leaves(value: object) -> Iterator[object]:
    """Every plain value that a card is made of."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def texts(card: Card) -> list[str]:
    return [leaf for leaf in leaves(card) if isinstance(leaf, str)]


def forms(value: object) -> Iterator[Mono | Strong]:
    """Every span of a card that has a form."""
    if isinstance(value, Mono | Strong):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from forms(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from forms(each)


def facts(card: Card) -> dict[str, str]:
    return dict(pair for block in card.blocks if isinstance(block, Facts) for pair in block.pairs)


def table(card: Card, n: int = 0) -> Table:
    return [block for block in card.blocks if isinstance(block, Table)][n]


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def kinds(card: Card) -> list[type[Block]]:
    return [type(block) for block in card.blocks]
