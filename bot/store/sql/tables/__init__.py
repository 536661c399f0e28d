"""Every table, by subject. The rules that two processes could race for stand here, as keys and checks."""
