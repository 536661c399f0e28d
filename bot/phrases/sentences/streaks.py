"""Days of a streak that cannot be repaired."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "repair_without_reason": (
        "Say why, for example `/repair member:Ada day:2026-03-02 the train had no network`. "
        "It is shown to them."
    ),
    "repair_day_counts_already": (
        "{day} counts for {name} already. `/streak` shows them which days do."
    ),
    "repair_nobody_of_that_name": (
        "I know nobody here who is called “{name}”. Write the name as boards show it. "
        "I know whoever has asked me anything here."
    ),
    "repair_several_of_that_name": (
        "{count} members here are called “{name}”. Ask one of them to change the name for a moment."
    ),
    "repair_day_unreadable": "“{text}” is no date I can read. Write it like {today}.",
    "repair_day_too_far": "Only days from {first} to {last} can be repaired.",
}
