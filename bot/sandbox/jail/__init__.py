"""The jail around strangers' code."""
