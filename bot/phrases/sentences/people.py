"""What members ask about themselves, and cannot have."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "no_score_there": "You have no score there. `/why` lists those you have.",
}
