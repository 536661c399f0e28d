"""Answers that cannot be judged."""

from collections.abc import Sequence

from bot.phrases.sentences.sentence import Sentences


def _choose(letters: Sequence[str], *, several: bool) -> str:
    return f"Choose {'from' if several else 'one of'} {', '.join(letters)}."


SENTENCES: Sentences = {
    "answer_not_chosen": "Tick at least one answer first.",
    "answer_not_offered": _choose,
    "answer_empty": "Write an answer first.",
    "answer_too_long": "Keep your answer under {most} characters.",
    "answer_no_number": "Write the answer as a number, such as 100, 0.25, 3/4 or 1e-3.",
    "answer_ambiguous_comma": ("That comma can be read in two ways. Write {whole} or {fraction}."),
}
