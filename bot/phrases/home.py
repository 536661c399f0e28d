"""A member's own page: what is asked now, how they stand, what there is to take, and their settings."""

from bot.chat.card import Block, Button, Card, Countdown, Facts, Strong, Text
from bot.model.home import HomePage
from bot.phrases import packs as packs_said
from bot.phrases.formatting import many, note, sentence
from bot.phrases.people import streak
from bot.phrases.schedules import moment
from bot.phrases.streaks import freezes


def home(mine: HomePage) -> Card:
    shelf = packs_said.shelf(mine.offers)
    blocks = (*_now(mine), Facts(_standing(mine)), *shelf.blocks, _settings(mine))
    buttons = (
        Button(
            "Practise", "practice", "primary", spoken="One question for you alone, without a clock"
        ),
        Button("Why these points?", "scores", "quiet"),
        *shelf.buttons,
    )
    return Card(f"👤 {mine.profile.player.name}", blocks, buttons)


def _now(mine: HomePage) -> tuple[Block, ...]:
    """Today's question: what is open in a channel while they look, or when the next one comes."""
    told: tuple[Block, ...] = ()
    for asked in mine.live:
        what = "Today’s question" if asked.mode == "daily" else "Open now"
        told += (Text((f"{what}: ", Strong(asked.question.title), ". Answer it in its channel.")),)
        told += (Countdown(asked.closes_at),) if asked.closes_at else ()
    return told or _coming(mine)


def _coming(mine: HomePage) -> tuple[Block, ...]:
    none = "No question is open just now."
    if mine.next_daily is None:
        return (sentence(f"{none} `/challenge` in a channel asks everyone there."),)
    return (
        sentence(
            f"{none} The next one comes {moment(mine.next_daily, mine.profile.zone)}, in your time zone."
        ),
    )


def _standing(mine: HomePage) -> tuple[tuple[str, str], ...]:
    own = next(
        (
            line
            for line in (*mine.week.board.top, *mine.week.board.around)
            if line.player_id == _me(mine)
        ),
        None,
    )
    badges = ", ".join(f"{badge.icon} {badge.title}" for badge in mine.profile.badges)
    return (
        ("Points", f"{mine.profile.points:,}"),
        (
            "This week",
            f"rank {own.rank} of {many(mine.week.board.members, 'member')}"
            if own
            else "no points yet",
        ),
        ("Streak", streak(mine.profile)),
        ("Freezes", freezes(mine.profile.streak)),
        ("Badges", badges or "none yet"),
    )


def _me(mine: HomePage) -> int:
    return mine.profile.player.id


def _settings(mine: HomePage) -> Block:
    name = "hidden from boards" if mine.profile.player.name_hidden else "shown on boards"
    return note(
        f"Your time zone is {mine.profile.zone}, your name is {name}. `/me` changes both; `/link` joins accounts. "
        f"{_reminded(mine)}"
    )


def _reminded(mine: HomePage) -> str:
    if mine.reminder is None:
        return (
            "You get no reminders; `/remind hour:19` sends you one while a daily question is open."
        )
    if mine.reminder.refused_at:
        return f"I could not remind you: allow private messages from me, then use `/remind hour:{mine.reminder.hour}`."
    return f"A reminder comes at {mine.reminder.hour}:00 while a daily question is open; `/remind hour:off` ends it."
