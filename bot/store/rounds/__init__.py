"""Rounds: the questions asked, who sits in them, and the ledger of their answers."""
