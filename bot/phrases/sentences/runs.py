"""Runs that are not begun, or not stopped."""

from bot.phrases.sentences.sentence import Sentences


def _runs_are_off(why: str) -> str:
    """Only the first reason: `doctor` tells all of them."""
    reason, _, _ = why.strip().partition("\n")
    return f"Nothing can be run here. {reason}"


SENTENCES: Sentences = {
    "run_without_code": (
        "There is no code in that message. Put yours between two lines of three backticks, "
        "or type it after `/run`."
    ),
    "run_card_of_another": "That card is somebody else's. `/run` runs code of your own.",
    "run_of_another": "Only whoever started that run can stop it.",
    "question_without_code": "That question shows no code.",
    "runs_are_off": _runs_are_off,
    "run_without_gpu": "No GPU is at hand. Leave `gpu` out, and it runs on the CPU.",
    "run_failed": "Something went wrong on our side, and it was noted. Run it again.",
}
