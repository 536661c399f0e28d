"""The processes inside the jail."""
