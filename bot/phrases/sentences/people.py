"""What members ask for themselves and cannot have."""

SENTENCES = {
    "no_score_there": "You have no score there. `/why` lists those you have.",
    "too_many_wrong_codes": "Too many wrong codes. You can try again at {until:%H:%M} UTC.",
    "linked_already": "These accounts are one member already.",
    "code_given_here": (
        "That code was given here. Enter it on the other platform, with your other account."
    ),
    "wrong_code": (
        "That code is wrong, used, or older than ten minutes. "
        "Type `/link` on the other platform for a new one; you have {left} tries left."
    ),
    "last_wrong_code": (
        "That code is wrong too. After five wrong ones you can try again in an hour."
    ),
    "no_link_to_undo": (
        "There is no link of yours that can be undone. That is possible within a day of linking."
    ),
    "reminder_hour_unreadable": (
        "Choose an hour from 0 to 23, like `/remind hour:19`, or `/remind hour:off`."
    ),
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
