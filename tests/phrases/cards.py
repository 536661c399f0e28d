"""Every card that the bot can say, by the scene it is said in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.chat.card import Button, Card
from bot.errors import UserError
from bot.model.feedback import QuestionVotes, Report, Votes
from bot.model.links import LinkCode, LinkedMember
from bot.model.places import PlaceSettings
from bot.model.rounds import HintsShown, ProofShown, Refusal, RoundProgress
from bot.model.runs import Run, RunProgress
from bot.phrases.boards import board_card
from bot.phrases.feedback import report_card, report_reasons_card, reports_card, vote_card
from bot.phrases.help import help_card
from bot.phrases.home import home_card
from bot.phrases.links import link_code_card, linked_card, unlinked_card
from bot.phrases.packs import pack_card, pack_summary_card, packs_card
from bot.phrases.places import settings_card, shut_out_card
from bot.phrases.profile import profile_card
from bot.phrases.rounds.points import score_card, scores_card
from bot.phrases.rounds.question import (
    after_practice_buttons,
    hint_card,
    joined_card,
    own_question_card,
    question_card,
)
from bot.phrases.rounds.verdict import missed_card, proof_card, result_card, verdict_card
from bot.phrases.runs import (
    how_to_run_card,
    lost_run_card,
    my_runs_card,
    proof_run_card,
    run_refused_card,
    run_removed_card,
    run_result_card,
    running_card,
    runs_are_off_card,
    stored_run_card,
)
from bot.phrases.say import failure_card, refused_card
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
ONWARD = (Button("Next challenge", "go:5:1", "primary"), Button("Packs", "packs"))


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
        yield f"{name}: asked", question_card(live, b"png")
        yield f"{name}: counted", question_card(live, None, RoundProgress(1, 0))
        yield (
            f"{name}: own",
            own_question_card(asked(question, mode="pack", owner=7), b"png", seat(), ()),
        )
        yield f"{name}: practice", own_question_card(practice(question), None, seat(), ())
        yield (
            f"{name}: again",
            own_question_card(live, None, seat(tries_used=1, hints_taken=1), wrong),
        )
        yield f"{name}: partly, again", own_question_card(live, None, half, ())
        yield f"{name}: wrong", verdict_card(verdict(live, wrong, seat(tries_used=1)))
        yield f"{name}: partly", verdict_card(verdict(live, wrong, half))
        yield (
            f"{name}: right",
            verdict_card(verdict(live, right, done(), read_as="gate"), ONWARD),
        )
        yield (
            f"{name}: spent",
            verdict_card(verdict(live, wrong, done(0, 0, question.tries)), ONWARD),
        )
        yield (
            f"{name}: partly at last",
            verdict_card(verdict(live, wrong, done(0.5, 50, 2)), ONWARD),
        )
        yield f"{name}: missed", missed_card(live, seat(), ONWARD)
        yield f"{name}: missed, partly", missed_card(live, half, ONWARD)
        yield f"{name}: result", result_card(result(question, right), b"png")
        yield (
            f"{name}: nobody",
            result_card(replace(result(question, (), None, 0), joined=0), None),
        )
        yield f"{name}: why", score_card(why(question))
        yield (
            f"{name}: right, alone",
            verdict_card(verdict(practice(question), right, done()), ONWARD),
        )
    yield "reactions", question_card(asked(by_reaction=True), None)


def _ends() -> Iterator[tuple[str, Card]]:
    for refusal in Refusal:
        for status in ("open", "closed"):
            late = verdict(asked(status=status), ("A",), done(), refusal=refusal, factors=None)
            yield f"{refusal}, {status}", verdict_card(late, ONWARD)
    unpaid = verdict(practice(), ("A",), done(), factors=factors(pays="practice"))
    yield "practice right", verdict_card(unpaid, after_practice_buttons("gates.."))
    yield "proof", proof_card(ProofShown(GATE, ProofOutput("gate 7\n", b"png", "2.13.0")))
    yield (
        "proof that drew nothing",
        proof_card(ProofShown(SEVERAL, ProofOutput("gate 7\n", None, "2.13.0"))),
    )
    yield "proof that was not run", proof_card(ProofShown(NUMBER, None))
    yield "told again", verdict_card(verdict(asked(), ("A",), done(), factors=None))
    for new in (True, False):
        yield f"joined {new}", joined_card(asked(), new=new)
        yield f"hint {new}", hint_card(HintsShown(asked(), GATE.hints[:1], free=new))
    yield "hints", hint_card(HintsShown(asked(), GATE.hints, free=False))
    yield "no hints", hint_card(HintsShown(asked(DRAWN), (), free=True))


def _packs() -> Iterator[tuple[str, Card]]:
    offers = {
        "new": offer(),
        "under way": offer(latest=1, under_way=take(0), reached=1),
        "taken": offer(latest=1, best=1),
        "earned": offer(latest=2, best=2, has_badge=True),
    }
    yield (
        "shelf",
        packs_card(
            [replace(each, pack=replace(PACK, title=name)) for name, each in offers.items()]
        ),
    )
    for name, each in offers.items():
        yield f"door {name}", pack_card(each)
    yield "summary: all right", pack_summary_card(summary())
    yield "summary: not all", pack_summary_card(summary(right=1))
    yield "summary: not all, earned before", pack_summary_card(summary(right=1, has_badge=True))
    yield "summary: all right, no badge", pack_summary_card(summary(has_badge=False))
    yield "summary: gone", pack_summary_card(summary(pack=None, has_badge=False))


def _people() -> Iterator[tuple[str, Card]]:
    yield "profile", profile_card(profile())
    yield "home", home_card(own_page())
    yield (
        "home, new",
        home_card(own_page(profile=profile(badges=()), week=view(ranked(BOB)), live=())),
    )
    yield "code", link_code_card(LinkCode("ABCDE-23456", NOON), linked=False)
    yield "code again", link_code_card(LinkCode("ABCDE-23456", NOON), linked=True)
    yield "joined accounts", linked_card(LinkedMember(ANN, NOON))
    yield "parted accounts", unlinked_card()
    yield (
        "profile, new",
        profile_card(profile(streak=Streak(0, 0, today=False), badges=(), by_kind={}, by_level={})),
    )
    yield "profile, hidden", profile_card(profile(player=BOB, streak=Streak(0, 5, today=False)))
    yield "scores", scores_card((finished(), finished(solved=False, points=0)))
    yield "no scores", scores_card(())
    yield "board", board_card(view(ranked(ANN), ranked(BOB, 50, 2)))
    yield "board from below", board_card(view(ranked(BOB), around=(ranked(ANN, 1, 12),)))
    yield "board from outside", board_card(view(ranked(BOB)))
    yield "empty board", board_card(view())


RUN = Run(
    17, "feed", 7, HERE, "", "print(6 * 7)", "cpu", False, None, NOON, "done", "", "42", 0, 0.002
)
ACTIVE = replace(RUN, id=18, outcome=None)
LONG = "\n".join(f"row {n}" for n in range(99))


def _runs() -> Iterator[tuple[str, Card]]:
    whole = OutputFile("output.txt", b"42\n" * 999)
    yield "how to run", how_to_run_card()
    yield "nothing runs", runs_are_off_card("Install bubblewrap.")
    yield "queued", running_card(ACTIVE, RunProgress(place=3), 12)
    yield (
        "running",
        running_card(ACTIVE, RunProgress(started=True, restarted=True, output="4\n"), 1),
    )
    for outcome in Outcome:
        end = End(outcome, note="out of memory: 1 GB for one run", seconds=0.2, peak_mb=12.0)
        yield (
            f"run {outcome}",
            run_result_card(RUN, RunProgress(output="42\n", end=end), ("cpu", "gpu")),
        )
    drawn = RunProgress(
        pictures=(OutputPicture("one", b"png"), OutputPicture("two", b"png")),
        files=(whole,),
        end=End(Outcome.DONE, hidden=950),
    )
    yield "run with pictures", run_result_card(replace(RUN, title="A gate"), drawn, ("cpu",))
    yield (
        "run of one long line",
        run_result_card(RUN, RunProgress(output="x" * 9999, end=End(Outcome.DONE)), ()),
    )
    yield (
        "run of much",
        run_result_card(
            replace(RUN, code=LONG), RunProgress(output=LONG, end=End(Outcome.DONE)), ()
        ),
    )
    left = RunProgress(
        files=(OutputFile("weights\u202e.pt", b"\x00"), OutputFile("\u200b", b"")),
        end=End(Outcome.DONE),
    )
    yield "run that left files", run_result_card(RUN, left, ())
    yield "run that said nothing", run_result_card(RUN, RunProgress(end=End(Outcome.DONE)), ())
    advised = RunProgress(
        output="RuntimeError: shapes\n→ Print both shapes.\n", end=End(Outcome.RAISED, rc=1)
    )
    yield "run with advice", run_result_card(RUN, advised, ())
    for outcome in (Outcome.DONE, Outcome.RAISED):
        yield (
            f"proof {outcome}",
            proof_run_card(RUN, GATE, RunProgress(output="42", restarted=True, end=End(outcome))),
        )
    yield (
        "run where none can be",
        refused_card(UserError("runs_are_off", why="Install bubblewrap.\nWhat was tried:")),
    )
    yield "run that was lost", lost_run_card(RUN)
    yield "run taken away", run_removed_card()
    yield "run refused", run_refused_card(RUN, "The queue is full.")
    yield "no runs", my_runs_card([])
    yield "runs", my_runs_card([ACTIVE, RUN, replace(RUN, id=16, code="x" * 99)])
    yield "run that was kept", stored_run_card(RUN)


def _rest() -> Iterator[tuple[str, Card]]:
    yield "help", help_card(admin=False)
    yield "help for admins", help_card(admin=True)
    yield "refused", refused_card(UserError("unknown_command"))
    yield "broken", failure_card("0badcafe")
    yield "shut out", shut_out_card("general")
    yield (
        "settings",
        settings_card(PlaceSettings(1, HERE, None, True, "buttons"), "UTC", changed=False),
    )
    yield (
        "settings turned over",
        settings_card(PlaceSettings(1, HERE, None, False, "reactions"), "UTC", changed=False),
    )
    yield (
        "settings changed",
        settings_card(
            PlaceSettings(1, HERE, "Europe/Berlin", True, "buttons"), "UTC", changed=True
        ),
    )
    for value in (1, -1):
        yield f"voted {value}", vote_card(QuestionVotes(GATE, Votes(1, 0)), value)
    yield "reasons", report_reasons_card(GATE, 42)
    for new in (True, False):
        yield f"reported {new}", report_card(GATE, new=new)
    yield (
        "reports",
        reports_card(
            [Report(3, GATE.id, "key", "Ann", NOON), Report(4, GATE.id, "odd", "Bob", NOON)]
        ),
    )
    yield "no reports", reports_card([])
