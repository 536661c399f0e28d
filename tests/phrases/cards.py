"""Every card that the bot can say, by the scene it is said in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.chat.card import Card
from bot.model.feedback import QuestionVotes, Report, Votes
from bot.model.links import LinkCode, LinkedMember
from bot.model.places import PlaceSettings
from bot.model.rounds import HintsShown, NextStep, ProofShown, Refusal, RoundProgress
from bot.model.runs import Run, RunProgress
from bot.phrases import (
    boards,
    feedback,
    help_cards,
    home,
    links,
    packs,
    people,
    places,
    points,
    proofs,
    rounds,
    runs,
)
from bot.phrases.say import say
from bot.quiz.files.proofs import ProofOutput
from bot.quiz.streaks import Streak
from bot.sandbox.protocol import End, Outcome, OutputFile, OutputPicture
from tests.phrases import day_scenes, schedule_scenes
from tests.phrases.scenes import (
    ANN,
    BOB,
    DRAWN,
    HERE,
    NOON,
    NUMBER,
    PACK,
    PHRASE,
    SEVERAL,
    TRUTH,
    asked,
    done,
    factors,
    finished,
    offer,
    own_page,
    practice,
    profile,
    ranked,
    result,
    seat,
    summary,
    take,
    verdict,
    view,
    why,
)
from tests.quiz.generated import GATE

QUESTIONS: Mapping[str, Any] = {
    "one choice": (GATE, ("A",), ("B",)),
    "several": (SEVERAL, ("A", "B"), ("C",)),
    "truth": (TRUTH, ("A",), ("B",)),
    "number": (NUMBER, ("1234567",), ("7",)),
    "phrase": (PHRASE, ("gate",), ("door",)),
    "figure": (DRAWN, ("A",), ("B",)),
}
WAYS = (NextStep("Next challenge", "go:5:1"), NextStep("Packs", "packs"))


def every() -> dict[str, Card]:
    return dict(
        [
            *schedule_scenes.every(),
            *_rounds(),
            *_ends(),
            *_packs(),
            *_people(),
            *_runs(),
            *_rest(),
            *day_scenes.cards(),
        ]
    )


def _rounds() -> Iterator[tuple[str, Card]]:
    for name, (question, right, wrong) in QUESTIONS.items():
        live = asked(question)
        half = seat(tries_used=1, share=0.5, points=50)
        yield f"{name}: asked", rounds.challenge(live, b"png")
        yield f"{name}: counted", rounds.challenge(live, None, RoundProgress(1, 0))
        yield f"{name}: own", rounds.own(asked(question, mode="pack", owner=7), b"png", seat(), ())
        yield f"{name}: practice", rounds.own(practice(question), None, seat(), ())
        yield f"{name}: again", rounds.own(live, None, seat(tries_used=1, hints_taken=1), wrong)
        yield f"{name}: partly, again", rounds.own(live, None, half, ())
        yield f"{name}: wrong", rounds.verdict(verdict(live, wrong, seat(tries_used=1)))
        yield f"{name}: partly", rounds.verdict(verdict(live, wrong, half))
        yield (
            f"{name}: right",
            rounds.verdict(verdict(live, right, done(), note="Read as “gate”."), WAYS),
        )
        yield (
            f"{name}: spent",
            rounds.verdict(verdict(live, wrong, done(0, 0, question.tries)), WAYS),
        )
        yield (
            f"{name}: partly at last",
            rounds.verdict(verdict(live, wrong, done(0.5, 50, 2)), WAYS),
        )
        yield f"{name}: missed", rounds.missed(live, seat(), WAYS)
        yield f"{name}: missed, partly", rounds.missed(live, half, WAYS)
        yield f"{name}: result", rounds.result(result(question, right), b"png")
        yield (
            f"{name}: nobody",
            rounds.result(replace(result(question, (), None, 0), joined=0), None),
        )
        yield f"{name}: why", points.why(why(question))
        yield (
            f"{name}: right, alone",
            rounds.verdict(verdict(practice(question), right, done()), WAYS),
        )
    yield "reactions", rounds.challenge(asked(by_reaction=True), None)


def _ends() -> Iterator[tuple[str, Card]]:
    for refusal in Refusal:
        for status in ("open", "closed"):
            late = verdict(asked(status=status), ("A",), done(), refusal=refusal, factors=None)
            yield f"{refusal}, {status}", rounds.verdict(late, WAYS)
    unpaid = verdict(practice(), ("A",), done(), factors=factors(pays="practice"))
    yield "practice right", rounds.verdict(unpaid, WAYS)
    yield "proof", proofs.proof(ProofShown(GATE, ProofOutput("gate 7\n", b"png", "2.13.0")))
    yield (
        "proof that drew nothing",
        proofs.proof(ProofShown(SEVERAL, ProofOutput("gate 7\n", None, "2.13.0"))),
    )
    yield "proof that was not run", proofs.proof(ProofShown(NUMBER, None))
    yield "told again", rounds.verdict(verdict(asked(), ("A",), done(), factors=None))
    for new in (True, False):
        yield f"joined {new}", rounds.joined(asked(), new=new)
        yield f"hint {new}", rounds.hint(HintsShown(asked(), GATE.hints[:1], free=new))
    yield "hints", rounds.hint(HintsShown(asked(), GATE.hints, free=False))
    yield "no hints", rounds.hint(HintsShown(asked(DRAWN), (), free=True))


def _packs() -> Iterator[tuple[str, Card]]:
    offers = {
        "new": offer(),
        "under way": offer(latest=1, under_way=take(0), reached=1),
        "taken": offer(latest=1, best=1),
        "earned": offer(latest=2, best=2, has_badge=True),
    }
    yield (
        "shelf",
        packs.shelf(
            [replace(each, pack=replace(PACK, title=name)) for name, each in offers.items()]
        ),
    )
    for name, each in offers.items():
        yield f"door {name}", packs.door(each)
    yield "summary: all right", packs.summary(summary())
    yield "summary: not all", packs.summary(summary(right=1))
    yield "summary: not all, earned before", packs.summary(summary(right=1, has_badge=True))
    yield "summary: all right, no badge", packs.summary(summary(has_badge=False))
    yield "summary: gone", packs.summary(summary(pack=None, has_badge=False))


def _people() -> Iterator[tuple[str, Card]]:
    yield "profile", people.profile(profile())
    yield "home", home.home(own_page())
    yield (
        "home, new",
        home.home(own_page(profile=profile(badges=()), week=view(ranked(BOB)), live=())),
    )
    yield "code", links.code(LinkCode("ABCDE-23456", NOON), linked=False)
    yield "code again", links.code(LinkCode("ABCDE-23456", NOON), linked=True)
    yield "joined accounts", links.joined(LinkedMember(ANN, NOON))
    yield "parted accounts", links.parted()
    yield (
        "profile, new",
        people.profile(
            profile(streak=Streak(0, 0, today=False), badges=(), by_kind={}, by_level={})
        ),
    )
    yield "profile, hidden", people.profile(profile(player=BOB, streak=Streak(0, 5, today=False)))
    yield "scores", points.scores((finished(), finished(solved=False, points=0)))
    yield "no scores", points.scores(())
    yield "board", boards.board(view(ranked(ANN), ranked(BOB, 50, 2)))
    yield "board from below", boards.board(view(ranked(BOB), around=(ranked(ANN, 1, 12),)))
    yield "board from outside", boards.board(view(ranked(BOB)))
    yield "empty board", boards.board(view())


RUN = Run(
    17, "feed", 7, HERE, "", "print(6 * 7)", "cpu", False, None, NOON, "done", "", "42", 0, 0.002
)
ACTIVE = replace(RUN, id=18, outcome=None)
LONG = "\n".join(f"row {n}" for n in range(99))


def _runs() -> Iterator[tuple[str, Card]]:
    whole = OutputFile("output.txt", b"42\n" * 999)
    yield "how to run", runs.how("")
    yield "nothing runs", runs.how("Install bubblewrap.")
    yield "queued", runs.running(ACTIVE, RunProgress(place=3), 12)
    yield (
        "running",
        runs.running(ACTIVE, RunProgress(started=True, restarted=True, output="4\n"), 1),
    )
    for outcome in Outcome:
        end = End(outcome, note="out of memory: 1 GB for one run", seconds=0.2, peak_mb=12.0)
        yield (
            f"run {outcome}",
            runs.result(RUN, RunProgress(output="42\n", end=end), ("cpu", "gpu")),
        )
    drawn = RunProgress(
        pictures=(OutputPicture("one", b"png"), OutputPicture("two", b"png")),
        files=(whole,),
        end=End(Outcome.DONE, hidden=950),
    )
    yield "run with pictures", runs.result(replace(RUN, title="A gate"), drawn, ("cpu",))
    yield (
        "run of one long line",
        runs.result(RUN, RunProgress(output="x" * 9999, end=End(Outcome.DONE)), ()),
    )
    yield (
        "run of much",
        runs.result(replace(RUN, code=LONG), RunProgress(output=LONG, end=End(Outcome.DONE)), ()),
    )
    left = RunProgress(
        files=(OutputFile("weights\u202e.pt", b"\x00"), OutputFile("\u200b", b"")),
        end=End(Outcome.DONE),
    )
    yield "run that left files", runs.result(RUN, left, ())
    yield "run that said nothing", runs.result(RUN, RunProgress(end=End(Outcome.DONE)), ())
    advised = RunProgress(
        output="RuntimeError: shapes\n→ Print both shapes.\n", end=End(Outcome.RAISED, rc=1)
    )
    yield "run with advice", runs.result(RUN, advised, ())
    for outcome in (Outcome.DONE, Outcome.RAISED):
        yield (
            f"proof {outcome}",
            runs.proven(RUN, GATE, RunProgress(output="42", restarted=True, end=End(outcome))),
        )
    yield (
        "run where none can be",
        help_cards.refused(say("runs_are_off", why="Install bubblewrap.\nWhat was tried:")),
    )
    yield "run that was lost", runs.lost(RUN)
    yield "run taken away", runs.taken_away()
    yield "run refused", runs.refused(RUN, "The queue is full.")
    yield "no runs", runs.mine([])
    yield "runs", runs.mine([ACTIVE, RUN, replace(RUN, id=16, code="x" * 99)])
    yield "run that was kept", runs.kept(RUN)


def _rest() -> Iterator[tuple[str, Card]]:
    yield "help", help_cards.overview(admin=False)
    yield "help for admins", help_cards.overview(admin=True)
    yield "refused", help_cards.refused("Choose one of A, B.")
    yield "broken", help_cards.broken("0badcafe")
    yield "settings", places.settings(PlaceSettings(1, HERE, None, True, "buttons"), "UTC")
    yield (
        "settings turned over",
        places.settings(PlaceSettings(1, HERE, None, False, "reactions"), "UTC"),
    )
    yield (
        "settings changed",
        places.settings(
            PlaceSettings(1, HERE, "Europe/Berlin", True, "buttons"), "UTC", changed=True
        ),
    )
    for value in (1, -1):
        yield f"voted {value}", feedback.voted(QuestionVotes(GATE, Votes(1, 0)), value)
    yield "reasons", feedback.reasons(GATE, 42)
    for new in (True, False):
        yield f"reported {new}", feedback.reported(GATE, new=new)
    yield (
        "reports",
        feedback.reports(
            [Report(3, GATE.id, "key", "Ann", NOON), Report(4, GATE.id, "odd", "Bob", NOON)]
        ),
    )
    yield "no reports", feedback.reports([])
