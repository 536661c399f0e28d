"""What the service refuses, with its own numbers and words."""

from typing import Any

SAID = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20001: (403, "Bots cannot use this endpoint"),
    30010: (400, "Maximum number of reactions reached (20)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
}
WRONG_FORM = {40005, 50006, 50035, 50109}
"""What a sender could have known to be wrong: each counts against it."""


class Refusal(Exception):
    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}


def refusal(code: int) -> Refusal:
    status, message = SAID[code]
    return Refusal(status, code, message)


def malformed(problems: dict[str, str]) -> Refusal:
    """50035 with its tree: each path ("components.0.label") leads to what is wrong there."""
    tree: dict[str, Any] = {}
    for path, problem in problems.items():
        leaf = tree
        for step in path.split("."):
            leaf = leaf.setdefault(step, {})
        leaf.setdefault("_errors", []).append({"code": "INVALID", "message": problem})
    status, message = SAID[50035]
    return Refusal(status, 50035, message, tree)
