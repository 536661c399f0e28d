"""What only Slack shows: modals, and notes beside a card."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "slack_admins_only": "Only an admin of this place may use {command}.",
    "slack_answer": "Answer",
    "slack_cancel": "Cancel",
    "slack_code": "PyTorch code",
    "slack_device": "Runs on",
    "slack_figure": "Figure: {alt}",
    "slack_file_not_fetched": (
        "I could not fetch that file from Slack (may the app read files?). Choose it again, or "
        "write the dates."
    ),
    "slack_more_buttons": "More …",
    "slack_more_lines": "… {count} more lines",
    "slack_more_rows": "… and {count} more",
    "slack_not_attached": "{label}: it cannot be attached here",
    "slack_not_in_channel": (
        "I am not in this channel. Type `/invite @Torchproof` here, then ask again."
    ),
    "slack_not_in_conversation": (
        "I am no part of this conversation, so I cannot speak to everyone here. Ask me in a "
        "channel, or write to me directly: look under Apps → Torchproof."
    ),
    "slack_not_understood": "That did not work",
    "slack_one_moment": "One moment …",
    "slack_run": "Run",
    "slack_run_code": "Run PyTorch",
    "slack_save": "Save",
    "slack_send": "Send",
    "slack_send_choice": "Send: {label}",
    "slack_until": "⏳ Until ",
    "slack_wrote_directly": "✉️ I wrote to you directly: look under Apps → Torchproof.",
    "slack_your_answer": "Your answer",
}
