"""The proof of a key, and what it showed."""

from bot.chat.card import Block, Card, Code, Picture
from bot.model.rounds import ProofShown
from bot.phrases.formatting import key_text, note, sentence
from bot.quiz.questions import Question


def proof_card(proof: ProofShown) -> Card:
    """As it ran when its question was last checked. It ends in assertions, so its key is right."""
    title = proof_title(proof.question)
    if proof.seen is None:
        never = note(
            "It has not been run since it was last changed. `python -m bot check` runs it."
        )
        return Card(title, (*proof_code(proof.question), never))
    blocks: list[Block] = [Code(proof.seen.output.rstrip(), "text")]
    if proof.seen.picture:
        alt = f"What the proof of “{proof.question.title}” draws."
        blocks.append(Picture(proof.seen.picture, alt, "proof.png"))
    blocks.append(note(f"It ran under torch {proof.seen.torch}, and every assertion in it held."))
    return Card(title, (*proof_code(proof.question), *blocks), tone="good")


def proof_title(question: Question) -> str:
    return f"Proof: {question.title}"


def proof_code(question: Question) -> tuple[Block, ...]:
    key = f"The key is {key_text(question.key)}. This is what shows it:"
    return sentence(key), Code(question.proof)
