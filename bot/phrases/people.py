"""What a member is told about themselves."""

from collections.abc import Mapping

from bot.chat.card import Block, Button, Card, Facts, Table
from bot.model.profile import Accuracy, Profile
from bot.phrases.formatting import called, many, note, percent, sentence
from bot.phrases.streaks import zone


def profile(mine: Profile) -> Card:
    """Points, streak, badges, accuracy and the latest answers."""
    facts = (
        ("Points", f"{mine.points:,}"),
        ("Streak", streak(mine)),
        ("Badges", ", ".join(f"{badge.icon} {badge.title}" for badge in mine.badges) or "none yet"),
        ("Time zone", zone(mine.zone, mine.coming, chosen=mine.player.zone is not None)),
        ("Name on boards", "hidden" if mine.player.name_hidden else "shown"),
    )
    blocks: list[Block] = [Facts(facts)]
    if mine.by_kind:
        blocks += [
            _accuracy("Kind", mine.by_kind),
            _accuracy("Level", mine.by_level),
            _recent(mine),
        ]
    else:
        blocks.append(
            sentence("Nothing answered yet. `/practice` is a good start: no clock, nobody watches.")
        )
    blocks.append(
        note(
            "`/streak` explains your streak. `/me zone:Europe/Berlin` sets your zone from tomorrow on, "
            "`/me name:hidden` takes your name off the boards."
        )
    )
    return Card(
        f"👤 {called(mine.player.name)}",
        tuple(blocks),
        (Button("Why these points?", "scores", "quiet"),),
    )


def streak(mine: Profile) -> str:
    days, longest = mine.streak.days, mine.streak.longest
    record = f"; your longest was {many(longest, 'day')}" if longest > days else ""
    if not days:
        return f"none now, solve something new to begin one{record}"
    today = "today included" if mine.streak.today else "solve something new today to go on"
    held = f"; {many(mine.streak.freezes, 'freeze')} held" if mine.streak.freezes else ""
    return f"{many(days, 'day')}, {today}{held}{record}"


def _accuracy(what: str, parts: Mapping[str, Accuracy]) -> Table:
    rows = tuple(
        (
            name.replace("-", " ").capitalize(),
            f"{part.solved} of {part.asked}",
            percent(part.solved / part.asked),
        )
        for name, part in parts.items()
    )
    return Table(f"Accuracy by {what.lower()}", (what, "Right", "Share"), rows)


def _recent(mine: Profile) -> Table:
    rows = tuple(
        (
            each.question.title,
            "✓ right" if each.finished.solved else "✗ not right",
            str(each.finished.points),
        )
        for each in mine.recent
    )
    return Table("Latest answers", ("Question", "Answer", "Points"), rows)
