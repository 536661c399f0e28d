"""Checking questions: their code is run, and what it shows is compared with what they claim."""
