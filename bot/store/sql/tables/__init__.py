"""Every table, by subject. Rules that processes could race for are keys and checks here."""
