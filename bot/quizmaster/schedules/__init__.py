"""Schedules, as admins keep them."""
