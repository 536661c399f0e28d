"""The processes inside the jail: the zygote, the keeper of one run, and the harness around a snippet."""
