"""Runs of code, and the queue that several bots share."""
