"""Boards: their queries, and the projector that keeps them up to date."""
