"""Files that cannot be read."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "upload_too_large": (
        "That file is too large: I take {megabytes} MB at most. Export fewer days, or write the "
        "dates."
    ),
}
