"""The processes inside the jail: zygote, supervisor of one run, and the child with the snippet."""
