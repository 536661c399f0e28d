"""The weekly digest of a place."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.chat.card import Block, Button, Card, Picture, Table, Text
from bot.model.digests import Digest
from bot.phrases.boards import public_name
from bot.phrases.formatting import note, percent, plural, sentence, shown_name, text_card
from bot.phrases.streaks import short_date

SUNDAY = timedelta(days=6)


def digest_title(digest: Digest) -> str:
    sunday = digest.monday + SUNDAY
    return f"The week from {short_date(digest.monday)} to {short_date(sunday)}"


def digest_bars(digest: Digest) -> list[tuple[str, int]]:
    return [(f"{line.rank}. {public_name(line)}", line.points) for line in digest.board.top]


def digest_card(digest: Digest, picture: bytes | None) -> Card:
    blocks = list(_blocks(digest))
    if picture and digest.board.top:
        blocks.insert(0, Picture(picture, picture_text(digest), "week.png"))
    # The action names the week: a platform that looks for a message that it posted already
    # must find this one and no other.
    button = Button(
        "This week’s board",
        f"board:week:here:{digest.week}",
        spoken="Show the board of this week",
    )
    return Card(f"🗓️ {digest_title(digest)}", tuple(blocks), (button,))


def picture_text(digest: Digest) -> str:
    title = digest_title(digest).replace("The", "the", 1)
    bars = "; ".join(f"{name}: {plural(points, 'point')}" for name, points in digest_bars(digest))
    return f"Bars of the points of {title}. {bars}."


def _blocks(digest: Digest) -> Iterator[Block]:
    board, hardest = digest.board, digest.hardest
    if board.top:
        rows = tuple((str(line.rank), public_name(line), f"{line.points:,}") for line in board.top)
        yield Table("The board of the week", ("Rank", "Name", "Points"), rows)
        yield note(f"{plural(board.members, 'member')} on this board.")
    if hardest:
        share = percent(hardest.solved / hardest.answered)
        score = f", solved by {hardest.solved} of {hardest.answered} ({share})."
        yield Text(("Hardest: ", hardest.question.title, score))
    if digest.badges:
        yield sentence("New badges:")
        for player, badge in digest.badges:
            yield Text((f"{badge.icon} {badge.title}: ", shown_name(player)))


def digest_switch_card(next_day: date | None) -> Card:
    if next_day is None:
        text = "No weekly digest comes here. `/digest switch:on` brings one every Monday at nine."
        return text_card("No weekly digest", text)
    text = (
        f"It comes on {short_date(next_day)} and on every Monday at nine, by this place’s time "
        "zone: the board of the week, its hardest question and new badges. A week in which "
        "nothing happened is left out."
    )
    end = note("`/digest switch:off` ends it.")
    return Card("A weekly digest comes here", (sentence(text), end))
