"""The week in a place, looked back upon."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.chat.card import Block, Button, Card, Picture, Table, Text
from bot.model.boards import BoardLine
from bot.model.digests import Digest
from bot.phrases.formatting import SOMEBODY, called, many, named, note, percent, sentence
from bot.phrases.streaks import dated

SUNDAY = timedelta(days=6)


def title(week: Digest) -> str:
    return f"The week from {dated(week.monday)} to {dated(week.monday + SUNDAY)}"


def bars(week: Digest) -> list[tuple[str, int]]:
    """What the picture shows."""
    return [(f"{line.rank}. {_name(line)}", line.points) for line in week.board.top]


def digest(week: Digest, picture: bytes | None) -> Card:
    shown = (Picture(picture, alt(week), "week.png"),) if picture and week.board.top else ()
    # Named by its week: a platform that looks for a message that stands already must find this one and no other.
    button = Button(
        "This week’s board", f"board:week:here:{week.week}", spoken="Show the board of this week"
    )
    return Card(f"🗓️ {title(week)}", (*shown, *_blocks(week)), (button,))


def alt(week: Digest) -> str:
    """Everything that the picture shows, in words."""
    lines = "; ".join(f"{name}: {many(points, 'point')}" for name, points in bars(week))
    return f"Bars of the points of {title(week)[0].lower()}{title(week)[1:]}. {lines}."


def _blocks(week: Digest) -> Iterator[Block]:
    if week.board.top:
        rows = tuple((str(line.rank), _name(line), f"{line.points:,}") for line in week.board.top)
        yield Table("The board of the week", ("Rank", "Name", "Points"), rows)
        yield note(f"{many(week.board.members, 'member')} on this board.")
    if week.hardest:
        hard = week.hardest
        share = percent(hard.solved / hard.answered)
        yield Text(
            (
                "Hardest: ",
                hard.question.title,
                f", solved by {hard.solved} of {hard.answered} ({share}).",
            )
        )
    if week.badges:
        yield sentence("New badges:")
        for player, badge in week.badges:
            yield Text((f"{badge.icon} {badge.title}: ", named(player)))


def _name(line: BoardLine) -> str:
    return SOMEBODY if line.name_hidden else called(line.name)


def chosen(following: date | None) -> Card:
    """To the admin: whether and when it comes."""
    if following is None:
        said = "No weekly digest comes here. `/digest switch:on` brings one every Monday at nine."
        return Card("No weekly digest", (sentence(said),))
    said = (
        f"It comes on {dated(following)} and on every Monday at nine, by this place’s time zone: the board of the "
        "week, its hardest question and new badges. A week in which nothing happened is left out."
    )
    ending = note("`/digest switch:off` ends it.")
    return Card("A weekly digest comes here", (sentence(said), ending))
