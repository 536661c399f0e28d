"""Streaks: days that count, lapses, repairs, zones and outages."""
