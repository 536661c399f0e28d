"""Rounds that cannot be opened, seen or proved."""

from datetime import datetime

from bot.phrases.sentences.sentence import Sentences


def _under_way(closes_at: datetime | None) -> str:
    end = f" It closes by {closes_at:%H:%M:%S} UTC." if closes_at else ""
    return (
        f"A question is under way here already.{end} Answer that one first, then ask for another."
    )


SENTENCES: Sentences = {
    "place_paused": (
        "I was shut out of this channel and paused my questions here. An admin gives me back "
        "the rights to view it and to send messages, then uses any command of mine here."
    ),
    "round_under_way": _under_way,
    "round_given_up": "That question was given up. Ask for another one.",
    "round_gone": "That question is no longer there. `/challenge` asks a new one.",
    "round_of_another": (
        "That card is somebody else's. `/pack` or `/practice` gives you your own."
    ),
    "round_elsewhere": "That question was asked in another place. Answer it there.",
    "no_question_fits": "No question fits that. Ask for another level or kind, or leave one out.",
    "proof_too_early": (
        "The proof tells the answer. It is yours once you have finished, or when the round is over."
    ),
}
