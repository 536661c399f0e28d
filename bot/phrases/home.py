"""A member's own page: what is asked now, their score, the packs, and their settings."""

from bot.chat.card import Block, Button, Card, Countdown, Facts, Strong, Text
from bot.model.home import HomePage
from bot.phrases.formatting import note, plural, sentence
from bot.phrases.packs import packs_card
from bot.phrases.profile import badge_names, streak_text
from bot.phrases.schedules import local_time
from bot.phrases.streaks import freezes

PRACTISE = Button(
    "Practise", "practice", "primary", spoken="One question for you alone, without a clock"
)
SCORES = Button("Why these points?", "scores", "quiet")


def home_card(page: HomePage) -> Card:
    packs = packs_card(page.offers)
    blocks = (*_open_questions(page), Facts(_score(page)), *packs.blocks, _settings(page))
    return Card(f"👤 {page.profile.player.name}", blocks, (PRACTISE, SCORES, *packs.buttons))


def _open_questions(page: HomePage) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for asked in page.live:
        what = "Today’s question" if asked.mode == "daily" else "Open now"
        title = Strong(asked.question.title)
        blocks.append(Text((f"{what}: ", title, ". Answer it in its channel.")))
        if asked.closes_at:
            blocks.append(Countdown(asked.closes_at))
    return tuple(blocks) or (_next_question(page),)


def _next_question(page: HomePage) -> Text:
    none = "No question is open just now."
    if page.next_daily is None:
        return sentence(f"{none} `/challenge` in a channel asks everyone there.")
    at = local_time(page.next_daily, page.profile.zone)
    return sentence(f"{none} The next one comes {at}, in your time zone.")


def _score(page: HomePage) -> tuple[tuple[str, str], ...]:
    profile = page.profile
    return (
        ("Points", f"{profile.points:,}"),
        ("This week", _rank(page)),
        ("Streak", streak_text(profile)),
        ("Freezes", freezes(profile.streak)),
        ("Badges", badge_names(profile)),
    )


def _rank(page: HomePage) -> str:
    board = page.week.board
    for line in (*board.top, *board.around):
        if line.player_id == page.profile.player.id:
            return f"rank {line.rank} of {plural(board.members, 'member')}"
    return "no points yet"


def _settings(page: HomePage) -> Block:
    name = "hidden from boards" if page.profile.player.name_hidden else "shown on boards"
    return note(
        f"Your time zone is {page.profile.zone}, your name is {name}. `/me` changes both; "
        f"`/link` joins accounts. {_reminder(page)}"
    )


def _reminder(page: HomePage) -> str:
    if page.reminder is None:
        return (
            "You get no reminders; `/remind hour:19` sends you one while a daily question is open."
        )
    hour = page.reminder.hour
    if page.reminder.refused_at:
        return (
            "I could not remind you: allow private messages from me, "
            f"then use `/remind hour:{hour}`."
        )
    return (
        f"A reminder comes at {hour}:00 while a daily question is open; `/remind hour:off` ends it."
    )
