"""Rules of the daily question."""
