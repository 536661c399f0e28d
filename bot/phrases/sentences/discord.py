"""What only Discord's adapter says."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "discord_form_title": "Your answer",
    "discord_upload_unreachable": (
        "I could not fetch that file from Discord. Choose it again, or write the dates."
    ),
}
