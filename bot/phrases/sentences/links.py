"""Codes that link accounts, and do not."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
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
}
