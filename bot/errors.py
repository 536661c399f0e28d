"""The errors that cross floors."""


class UserError(Exception):
    """Something a person can mend; its text is safe to show to them and says what to do."""
