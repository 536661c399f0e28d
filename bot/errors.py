"""Errors that cross floors."""


class UserError(Exception):
    """What a person can mend: a named reason with its values. `phrases/sentences` has the words."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason, *values.values())
        self.reason = reason
        self.values = values


class OperatorError(Exception):
    """What whoever runs the bot or writes questions can mend. Its text says what to do."""
