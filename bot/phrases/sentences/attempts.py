"""Answers that could not be recorded."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "too_many_answers_at_once": (
        "Very many answers are coming in at once. Your answer was not taken: press again."
    ),
    "act_of_another_answer": "That press came in under the name of another one. Press again.",
}
