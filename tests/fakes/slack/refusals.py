"""What the service refuses, by the names it gives."""

from typing import Any

WRONG_FORM = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_json",
        "invalid_metadata_format",
        "invalid_post_type",
        "metadata_too_large",
        "missing_argument",
        "msg_too_long",
        "no_text",
        "unknown_method",
    }
)
"""What a sender could have known to be wrong: each counts against it."""
TOKEN_ERRORS = frozenset({"not_authed", "invalid_auth", "token_revoked", "account_inactive"})


class Refusal(Exception):
    def __init__(self, error: str, *problems: str, **more: Any) -> None:
        super().__init__(f"{error}: {'; '.join(problems)}" if problems else error)
        self.error, self.problems, self.more = error, problems, more

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.problems:
            body["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in self.problems]}
            if self.error == "invalid_blocks":
                body["errors"] = list(self.problems)
        return body
