"""Questions, packs and answers that cannot be had."""

from collections.abc import Sequence
from datetime import datetime

from bot.phrases.sentences.sentence import Sentences


def _under_way(closes_at: datetime | None) -> str:
    end = f" It closes by {closes_at:%H:%M:%S} UTC." if closes_at else ""
    return (
        f"A question is under way here already.{end} Answer that one first, then ask for another."
    )


def _no_such_pack(name: str, like: str | None) -> str:
    hint = f"Did you mean {like}?" if like else "`/pack` shows all there are."
    return f"There is no pack called {name}. {hint}"


def _choose(letters: Sequence[str], *, several: bool) -> str:
    return f"Choose {'from' if several else 'one of'} {', '.join(letters)}."


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
    "no_such_pack": _no_such_pack,
    "question_gone": "This question is no longer in the bank. Ask for another one.",
    "pack_too_early": "That is not due yet. `/pack` shows where you are.",
    "pack_of_another": "That card is somebody else's. `/pack` gives you your own.",
    "answer_not_chosen": "Tick at least one answer first.",
    "answer_not_offered": _choose,
    "answer_empty": "Write an answer first.",
    "answer_too_long": "Keep your answer under {most} characters.",
    "answer_no_number": "Write the answer as a number, such as 100, 0.25, 3/4 or 1e-3.",
    "answer_ambiguous_comma": ("That comma can be read in two ways. Write {whole} or {fraction}."),
    "too_many_answers_at_once": (
        "Very many answers are coming in at once. Your answer was not taken: press again."
    ),
    "act_of_another_answer": "That press came in under the name of another one. Press again.",
}
