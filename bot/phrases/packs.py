"""Packs: the list, the way in, and the summary at the end."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Facts, Strong, Table, Text
from bot.model.packs import PackLine, PackOffer, PackSummary
from bot.phrases.formatting import (
    answer_text,
    note,
    plural,
    right_answer_text,
    sentence,
    stopwatch,
    without_marks,
)


def packs_card(offers: Sequence[PackOffer]) -> Card:
    buttons = tuple(Button(offer.pack.title, f"pack:{offer.pack.name}") for offer in offers)
    rows = []
    for offer in offers:
        pack, length = offer.pack, plural(len(offer.pack.questions), "challenge")
        rows.append((pack.title, length, f"~{pack.minutes} min", _reached(offer)))
    table = Table("Packs", ("Pack", "Length", "Time", "You"), tuple(rows))
    promise = sentence("Get every challenge of a pack right in one go, and its badge is yours.")
    return Card("Packs of challenges", (promise, table), buttons)


def _reached(offer: PackOffer) -> str:
    length = len(offer.pack.questions)
    if offer.has_badge:
        return f"{offer.pack.icon} badge earned"
    if offer.under_way:
        return f"at challenge {offer.reached} of {length}"
    return f"best {offer.best} of {length}" if offer.latest else "new"


def pack_card(offer: PackOffer) -> Card:
    """No question is shown until the member presses Start."""
    pack = offer.pack
    facts = (
        ("Challenges", f"{len(pack.questions)}, one after the other"),
        ("Time", f"about {plural(pack.minutes, 'minute')}; each challenge has its own clock"),
        ("Badge", f"{pack.icon} {pack.badge}, for every challenge right"),
        ("You", _reached(offer)),
    )
    clocks = ", ".join(stopwatch(question.seconds) for question in pack.questions)
    rule = note(
        f"The clocks: {clocks}. Each starts when you open its challenge, and only you see it."
    )
    blocks = (sentence(pack.summary), Facts(facts), rule)
    return Card(f"{pack.icon} {pack.title}", blocks, _start_buttons(offer))


def _start_buttons(offer: PackOffer) -> tuple[Button, ...]:
    start = f"start:{offer.pack.name}:{offer.latest}"
    if offer.under_way:
        go_on = Button(
            "Go on",
            f"go:{offer.under_way.id}:{offer.reached - 1}",
            "primary",
            spoken="Go on where you were",
        )
        return go_on, Button("Start over", start)
    return (Button("Take it again" if offer.latest else "Start", start, "primary"),)


def next_challenge(take_id: int, position: int, *, last: bool) -> Button:
    label = "Summary" if last else "Next challenge"
    return Button(label, f"go:{take_id}:{position + 1}", "primary")


def pack_summary_card(summary: PackSummary) -> Card:
    take, pack = summary.take, summary.pack
    score = f"{take.right} of {len(take.digests)}"
    facts = (
        ("Right", score),
        ("Points", str(sum(line.sitting.points for line in summary.lines))),
        ("Best so far", f"{summary.best} of {len(take.digests)}"),
    )
    headers = ("No.", "Challenge", "You said", "Right answer", "Key concept", "Points")
    rows = tuple(_summary_row(n, line) for n, line in enumerate(summary.lines, 1))
    again = (Button("Take it again", f"pack:{take.pack}"),) if pack else ()
    return Card(
        f"{pack.title if pack else take.pack}: {score}",
        (_badge(summary), Facts(facts), Table("Your answers", headers, rows)),
        (*again, Button("All packs", "packs", "quiet")),
        "good" if take.right == len(take.digests) else "plain",
    )


def _badge(summary: PackSummary) -> Block:
    missing = len(summary.take.digests) - summary.take.right
    if summary.pack is None:
        return sentence("This pack has been taken away since; your points and badges stay.")
    if summary.has_badge:
        when = "you earned it in an earlier take." if missing else "every challenge right."
        return Text((f"{summary.pack.icon} ", Strong(summary.pack.badge), f" is yours: {when}"))
    if not missing:
        return sentence("Every challenge right.")
    short = f"{plural(missing, 'challenge')} short of the badge."
    return sentence(f"{short} You may take it again as often as you like.")


def _summary_row(number: int, line: PackLine) -> tuple[str, ...]:
    question, sitting = line.question, line.sitting
    sign = "✓ right" if sitting.solved else "partly right" if sitting.share else "✗ not right"
    answer = "no answer"
    if line.given:
        answer = f"{answer_text(question.key, line.given.answer)} ({sign})"
    return (
        str(number),
        question.title,
        answer,
        right_answer_text(question.key),
        without_marks(question.concept),
        str(sitting.points),
    )
