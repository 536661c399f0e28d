"""What nobody can do at their screen."""


class Denied(Exception):  # noqa: N818 — what the person at the screen cannot do
    """A person tried what their client does not let them do."""
