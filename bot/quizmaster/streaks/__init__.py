"""Streaks: counted, settled when days are over, explained and repaired."""
