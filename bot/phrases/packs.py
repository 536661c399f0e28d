"""Packs: the list, the way in, and the summary at the end."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Facts, Strong, Table, Text
from bot.model.packs import PackLine, PackOffer, PackSummary
from bot.model.rounds import NextStep
from bot.phrases.formatting import answer_text, bare, clock, key_text, many, note, sentence


def shelf(offers: Sequence[PackOffer]) -> Card:
    """Every pack, with what the reader reached in it."""
    rows = tuple(
        (
            offer.pack.title,
            many(len(offer.pack.questions), "challenge"),
            f"~{offer.pack.minutes} min",
            _reached(offer),
        )
        for offer in offers
    )
    buttons = tuple(
        Button(offer.pack.title, f"pack:{offer.pack.name}", "normal") for offer in offers
    )
    table = Table("Packs", ("Pack", "Length", "Time", "You"), rows)
    return Card(
        "Packs of challenges",
        (sentence("Get every challenge of a pack right in one go, and its badge is yours."), table),
        buttons,
    )


def _reached(offer: PackOffer) -> str:
    asked = len(offer.pack.questions)
    if offer.has_badge:
        return f"{offer.pack.icon} badge earned"
    if offer.under_way:
        return f"at challenge {offer.reached} of {asked}"
    return f"best {offer.best} of {asked}" if offer.latest else "new"


def door(offer: PackOffer) -> Card:
    """One pack before it is taken: nothing of it is shown until the member presses Start."""
    pack = offer.pack
    facts = (
        ("Challenges", f"{len(pack.questions)}, one after the other"),
        ("Time", f"about {many(pack.minutes, 'minute')}; each challenge has its own clock"),
        ("Badge", f"{pack.icon} {pack.badge}, for every challenge right"),
        ("You", _reached(offer)),
    )
    clocks = ", ".join(clock(question.seconds) for question in pack.questions)
    rule = note(
        f"The clocks: {clocks}. Each starts when you open its challenge, and only you see it."
    )
    return Card(
        f"{pack.icon} {pack.title}", (sentence(pack.summary), Facts(facts), rule), _ways_in(offer)
    )


def _ways_in(offer: PackOffer) -> tuple[Button, ...]:
    fresh = f"start:{offer.pack.name}:{offer.latest}"
    if offer.under_way:
        go_on = Button(
            "Go on",
            f"go:{offer.under_way.id}:{offer.reached - 1}",
            "primary",
            spoken="Go on where you were",
        )
        return (go_on, Button("Start over", fresh, "normal"))
    return (Button("Take it again" if offer.latest else "Start", fresh, "primary"),)


def onward(take_id: int, position: int, last: bool) -> tuple[NextStep, ...]:  # noqa: FBT001 (a fact, read by its name)
    """Where a finished challenge of a take leads."""
    return (NextStep("Summary" if last else "Next challenge", f"go:{take_id}:{position + 1}"),)


def summary(done: PackSummary) -> Card:
    """The closing table: each answer with its key concept."""
    asked = len(done.take.digests)
    title = done.pack.title if done.pack else done.take.pack
    rows = tuple(_row(n, line) for n, line in enumerate(done.lines, 1))
    table = Table(
        "Your answers",
        ("No.", "Challenge", "You said", "Right answer", "Key concept", "Points"),
        rows,
    )
    again = (Button("Take it again", f"pack:{done.take.pack}", "normal"),) if done.pack else ()
    best = (("Best so far", f"{done.best} of {asked}"),)
    facts = Facts(
        (("Right", f"{done.take.right} of {asked}"), ("Points", str(_total(done))), *best)
    )
    return Card(
        f"{title}: {done.take.right} of {asked}",
        (*_badge(done, asked), facts, table),
        (*again, Button("All packs", "packs", "quiet")),
        "good" if done.take.right == asked else "plain",
    )


def _total(done: PackSummary) -> int:
    return sum(line.sitting.points for line in done.lines)


def _badge(done: PackSummary, asked: int) -> tuple[Block, ...]:
    left = asked - done.take.right
    if done.pack is None:
        return (sentence("This pack has been taken away since; your points and badges stay."),)
    if done.has_badge:
        said = "every challenge right." if not left else "you earned it in an earlier take."
        return (Text((f"{done.pack.icon} ", Strong(done.pack.badge), f" is yours: {said}")),)
    if not left:
        return (sentence("Every challenge right."),)
    return (
        sentence(
            f"{many(left, 'challenge')} short of the badge. You may take it again as often as you like."
        ),
    )


def _row(n: int, line: PackLine) -> tuple[str, ...]:
    key, seat = line.question.key, line.sitting
    sign = "✓ right" if seat.solved else "partly right" if seat.share else "✗ not right"
    said = f"{answer_text(key, line.given.answer)} ({sign})" if line.given else "no answer"
    return (
        str(n),
        line.question.title,
        said,
        key_text(key),
        bare(line.question.concept),
        str(seat.points),
    )
