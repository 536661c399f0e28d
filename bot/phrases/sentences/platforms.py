"""What only one platform shows."""

from bot.phrases.sentences.sentence import Sentences


def _wrong_host(address: str) -> str:
    return f"This chat is only reached as {address or 'localhost or 127.0.0.1'}.\n"


def _name_taken(name: str, free: str) -> str:
    hint = f" {free} is free." if free else ""
    return f"Somebody here is called {name} already. Choose another name.{hint}"


SENTENCES: Sentences = {
    "discord_form_title": "Your answer",
    "discord_upload_unreachable": (
        "I could not fetch that file from Discord. Choose it again, or write the dates."
    ),
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
    "web_failure": "Something went wrong on our side, and it was noted. Please try again.",
    "web_foreign_cookie": (
        "Your browser showed a pass that this chat did not give out. "
        "Choose a name to come in again."
    ),
    "web_foreign_origin": "This was sent from another site. Open the chat's own address.\n",
    "web_frame_unreadable": "That was not understood. Reload the page and try again.",
    "web_line_not_understood": "That was not understood",
    "web_logged_out": (
        "You are not known here any more: you left, or this chat began anew. "
        "Choose a name to come in."
    ),
    "web_name_empty": "Choose a name with at least one letter or number.",
    "web_name_invisible": (
        "That name has characters in it that nobody can see, or that turn the writing around. "
        "Choose a name without them."
    ),
    "web_name_of_bot": "That name passes for {bot}, which is the bot. Choose another one.",
    "web_name_taken": _name_taken,
    "web_name_too_long": "That name is too long. Choose one of at most {most} characters.",
    "web_no_code": (
        "There is no code to run in that message any more. Type /run and the code below it."
    ),
    "web_no_such_channel": (
        "There is no such channel here any more. Reload the page to see which there are."
    ),
    "web_not_found": "There is nothing here. The chat is at the address without a path.\n",
    "web_not_your_card": (
        "That card is not yours to answer, or it is gone. Type /help to see what you can do here."
    ),
    "web_nothing_typed": "There was nothing in it. Type something first.",
    "web_owner_browser": (
        "This browser came by the owner's link: whoever comes in here may change settings."
    ),
    "web_press_failed": "That did not work",
    "web_stale_owner_link": (
        "This owner's link does not work: it was used already, or it is not from the latest "
        "start. Start the bot again and open the new link that it prints."
    ),
    "web_text_only": "Only text is understood here.",
    "web_text_too_long": "That is too long: at most {most} characters, please.",
    "web_too_many_new_people": (
        "Many people came in from where you are just now. Wait a minute, then try again."
    ),
    "web_too_many_windows": (
        "You have this chat open in many windows already. Close some of them, and this one opens."
    ),
    "web_too_many_windows_of_address": (
        "Too many windows of this chat are open where you are. Close some, and this one opens."
    ),
    "web_too_many_wrong_passwords": (
        "Too many wrong passwords from where you are. Wait a minute, then try again."
    ),
    "web_upload_by_stranger": "Come in first, then send it again.\n",
    "web_wrong_host": _wrong_host,
    "web_wrong_password": "That is not this group's password. Ask whoever invited you for it.",
    "upload_too_large": (
        "That file is too large: I take {megabytes} MB at most. Export fewer days, or write the "
        "dates."
    ),
}
