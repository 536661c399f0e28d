"""Questions asked, answered and closed."""
