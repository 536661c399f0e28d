"""What a member is told about themselves."""

from collections.abc import Mapping

from bot.chat.card import Block, Button, Card, Facts, Table
from bot.model.profile import Accuracy, Profile
from bot.phrases.formatting import note, percent, plural, safe_name, sentence
from bot.phrases.streaks import zone_text

HOW = note(
    "`/streak` explains your streak. `/me zone:Europe/Berlin` sets your zone from tomorrow on, "
    "`/me name:hidden` takes your name off the boards."
)


def profile_card(profile: Profile) -> Card:
    player = profile.player
    facts = (
        ("Points", f"{profile.points:,}"),
        ("Streak", streak_text(profile)),
        ("Badges", badge_names(profile)),
        ("Time zone", zone_text(profile.zone, profile.coming, chosen=player.zone is not None)),
        ("Name on boards", "hidden" if player.name_hidden else "shown"),
    )
    scores = Button("Why these points?", "scores", "quiet")
    return Card(f"👤 {safe_name(player.name)}", (Facts(facts), *_answers(profile), HOW), (scores,))


def badge_names(profile: Profile) -> str:
    return ", ".join(f"{badge.icon} {badge.title}" for badge in profile.badges) or "none yet"


def streak_text(profile: Profile) -> str:
    streak = profile.streak
    days, longest = streak.days, streak.longest
    record = f"; your longest was {plural(longest, 'day')}" if longest > days else ""
    if not days:
        return f"none now, solve something new to begin one{record}"
    today = "today included" if streak.today else "solve something new today to go on"
    held = f"; {plural(streak.freezes, 'freeze')} held" if streak.freezes else ""
    return f"{plural(days, 'day')}, {today}{held}{record}"


def _answers(profile: Profile) -> tuple[Block, ...]:
    if not profile.by_kind:
        text = "Nothing answered yet. `/practice` is a good start: no clock, nobody watches."
        return (sentence(text),)
    kinds = _accuracy("Kind", profile.by_kind)
    return kinds, _accuracy("Level", profile.by_level), _recent(profile)


def _accuracy(what: str, parts: Mapping[str, Accuracy]) -> Table:
    rows = []
    for name, part in parts.items():
        share = percent(part.solved / part.asked)
        rows.append((name.replace("-", " ").capitalize(), f"{part.solved} of {part.asked}", share))
    return Table(f"Accuracy by {what.lower()}", (what, "Right", "Share"), tuple(rows))


def _recent(profile: Profile) -> Table:
    rows = []
    for score in profile.recent:
        sign = "✓ right" if score.finished.solved else "✗ not right"
        rows.append((score.question.title, sign, str(score.finished.points)))
    return Table("Latest answers", ("Question", "Answer", "Points"), tuple(rows))
