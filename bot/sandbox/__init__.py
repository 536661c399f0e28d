"""Strangers' code in a jail. Imports nothing else of the bot."""
