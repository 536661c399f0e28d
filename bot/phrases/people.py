"""What a member is told about themselves."""

from collections.abc import Mapping

from bot.chat.card import Block, Button, Card, Facts, Table
from bot.phrases.words import many, note, sentence
from bot.quizmaster.people import Accuracy, Profile


def profile(mine: Profile) -> Card:
    """Points, streak, badges, accuracy and the latest answers."""
    facts = (
        ("Points", f"{mine.points:,}"),
        ("Streak", _streak(mine)),
        ("Badges", ", ".join(f"{badge.icon} {badge.title}" for badge in mine.badges) or "none yet"),
        ("Time zone", mine.zone),
        ("Name on boards", "hidden" if mine.player.name_hidden else "shown"),
    )
    blocks: list[Block] = [Facts(facts)]
    if mine.by_kind:
        blocks += [
            _accuracy("Accuracy by kind", mine.by_kind),
            _accuracy("Accuracy by level", mine.by_level),
            _recent(mine),
        ]
    else:
        blocks.append(sentence("Nothing answered yet. `/practice` is a good start: no clock, nobody watches."))
    blocks.append(note("`/me zone:Europe/Berlin` sets your zone, `/me name:hidden` takes your name off the boards."))
    return Card(f"👤 {mine.player.name}", tuple(blocks), (Button("Why these points?", "scores", "quiet"),))


def _streak(mine: Profile) -> str:
    streak = mine.streak
    today = "today counts" if streak.today else "solve something new today to go on" if streak.days else "starts today"
    return f"{many(streak.days, 'day')} ({today}), longest {many(streak.longest, 'day')}"


def _accuracy(caption: str, parts: Mapping[str, Accuracy]) -> Table:
    rows = tuple(
        (
            name.replace("-", " ").capitalize(),
            f"{part.solved} of {part.asked}",
            f"{round(100 * part.solved / part.asked)} %",
        )
        for name, part in parts.items()
    )
    return Table(caption, ("", "Right", "Share"), rows)


def _recent(mine: Profile) -> Table:
    rows = tuple(
        (each.question.title, "✓ right" if each.finished.solved else "✗ not right", str(each.finished.points))
        for each in mine.recent
    )
    return Table("Latest answers", ("Question", "Answer", "Points"), rows)


def zone_set(zone: str) -> Card:
    return Card("Your time zone", (sentence(f"Your days now begin and end in {zone}."),), tone="good")


def name_hidden(*, hidden: bool) -> Card:
    said = "Boards now show “Somebody” in your place; your points stay." if hidden else "Boards show your name again."
    return Card("Your name on boards", (sentence(said),), tone="good")
