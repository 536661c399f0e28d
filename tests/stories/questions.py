"""A tiny bank: one question of each form in two packs.

Each has sentences that must not be read before its end.
"""

from pathlib import Path

from bot.quiz.files.bank import Bank, load

GATES = """
title = "Gates"
summary = "What a gate lets through."
badge = "Gate Keeper"
icon = "🚪"
minutes = 4
order = ["gate", "truth", "gates"]
"""
FIGURES = """
title = "Figures"
summary = "What a figure says."
badge = "Counter"
icon = "🧮"
minutes = 3
order = ["perplexity", "gradients"]
"""
GATE = """
title = "What a gate does"
kind = "conceptual"
level = "intermediate"
time = "1:30"
prompt = "What does a gate of `1` do?"
hints = ["Think of a product.", "Think of one times seven."]
explanation = "Whatever is multiplied by one stays whole."
concept = "A gate multiplies."

[[options]]
text = "It lets everything through"
right = true

[[options]]
text = "It stops everything"
why_not = "A gate of zero would do that."

[[options]]
text = "It adds a one"
why_not = "Nothing is added by a gate."

[[options]]
text = "It forgets the past"
why_not = "Nothing is forgotten by an open gate."
"""
TRUTH = """
title = "A sigmoid"
kind = "metrics"
level = "beginner"
time = "1:00"
prompt = "A sigmoid can be larger than one."
explanation = "Its curve flattens below the line."
concept = "It is bounded."
truth = false
why_not = "No input drives it over the top."
"""
SEVERAL = """
title = "Gates that an LSTM has"
kind = "model-choice"
level = "advanced"
time = "2:00"
prompt = "Which gates does an LSTM have?"
hints = ["There are three in all."]
explanation = "Three sigmoids guard its memory."
concept = "In, out and over."

[[options]]
text = "Input"
right = true

[[options]]
text = "Output"
right = true

[[options]]
text = "Garden"
why_not = "It stands before a house."

[[options]]
text = "Forget"
right = true
"""
NUMBER = """
title = "A perplexity"
kind = "metrics"
level = "expert"
time = "2:00"
tries = 3
prompt = "The loss is 0. What is the perplexity?"
explanation = "The exponential of nothing is unity."
concept = "It exponentiates."

[number]
value = 1
within = 0.01
"""
PHRASE = """
title = "Steep slopes"
kind = "conceptual"
level = "expert"
time = "1:30"
prompt = "What do we call gradients that grow without end?"
explanation = "They blow up along the steps."
concept = "Clip them."
phrases = ["exploding gradients", "gradient explosion"]
"""
FILES = {
    "gates/pack": GATES,
    "gates/gate": GATE,
    "gates/truth": TRUTH,
    "gates/gates": SEVERAL,
    "figures/pack": FIGURES,
    "figures/perplexity": NUMBER,
    "figures/gradients": PHRASE,
}
SECRETS = (
    "stays whole",
    "A gate multiplies",
    "A gate of zero would",
    "Nothing is added",
    "Nothing is forgotten",
)
"""What the question of the gate keeps to itself until its end."""


def bank(folder: Path) -> Bank:
    """The bank, written into a folder and read by the loader."""
    for name, text in FILES.items():
        file = folder / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load(folder)


def proven(folder: Path) -> Bank:
    """The tiny bank, with one question that shows code and has a proof."""
    bank(folder)
    file = folder / "gates" / "truth.toml"
    file.write_text(
        f"code = \"print('of the question')\"\nproof = 'assert True'\n{file.read_text('utf-8')}",
        "utf-8",
    )
    return load(folder)
