"""What nobody can do at their screen."""


class Denied(Exception):
    """A person tried what their client does not let them do."""
