"""Torchproof: the study-group bot that proves its answers."""

__version__ = "0.1.0"
