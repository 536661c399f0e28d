"""For how long, and for how many dates, one process keeps the others away."""

from datetime import timedelta

LEASE = timedelta(seconds=25)
"""What is not done by then, another process does."""
AT_ONCE = 20
