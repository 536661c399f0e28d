"""Packs and questions that are not there, or not yet."""

from bot.phrases.sentences.sentence import Sentences


def _no_such_pack(name: str, like: str | None) -> str:
    hint = f"Did you mean {like}?" if like else "`/pack` shows all there are."
    return f"There is no pack called {name}. {hint}"


SENTENCES: Sentences = {
    "no_such_pack": _no_such_pack,
    "question_gone": "This question is no longer in the bank. Ask for another one.",
    "pack_too_early": "That is not due yet. `/pack` shows where you are.",
    "pack_of_another": "That card is somebody else's. `/pack` gives you your own.",
}
