"""What a proof showed."""

from bot.chat.card import Block, Card, Code, Picture
from bot.model.rounds import ProofShown
from bot.phrases.formatting import key_text, note, sentence


def proof(shown: ProofShown) -> Card:
    """The snippet, what it printed and what it drew; it ends in assertions, so a false key could not get here."""
    question = shown.question
    blocks: list[Block] = [
        sentence(f"The key is {key_text(question.key)}. This is what shows it:"),
        Code(question.proof),
    ]
    if shown.seen is None:
        blocks.append(
            note("It has not been run since it was last changed. `python -m bot check` runs it.")
        )
        return Card(f"Proof: {question.title}", tuple(blocks))
    blocks.append(Code(shown.seen.output.rstrip(), "text"))
    if shown.seen.picture:
        blocks.append(
            Picture(shown.seen.picture, f"What the proof of “{question.title}” draws.", "proof.png")
        )
    blocks.append(note(f"It ran under torch {shown.seen.torch}, and every assertion in it held."))
    return Card(f"Proof: {question.title}", tuple(blocks), tone="good")
