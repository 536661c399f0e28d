"""Runs that are not begun, or not stopped."""

from datetime import datetime

from bot.phrases.sentences.sentence import Sentences


def _runs_are_off(why: str) -> str:
    # Only the first reason: `doctor` tells all of them.
    reason, _, _ = why.strip().partition("\n")
    return f"Nothing can be run here. {reason}"


def _run_quota_used(quota: int, next_at: datetime) -> str:
    runs = "run" if quota == 1 else "runs"
    return (
        f"You had your {quota} {runs} of this hour. The next one is yours at {next_at:%H:%M} UTC."
    )


SENTENCES: Sentences = {
    "run_quota_used": _run_quota_used,
    "run_under_way": "Your last run is still going. Wait for its end, or press Stop on it.",
    "runs_under_way": (
        "{count} runs of yours are still going. Wait for the end of one, or press Stop on it."
    ),
    "run_gone": "That run is no longer kept. Run the code again.",
    "run_result_of_another": "That run is somebody else's. `/runs` lists yours.",
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
