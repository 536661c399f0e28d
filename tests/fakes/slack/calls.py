"""A call of a Web API method, and what it may ask of the world."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import Channel, Json, Message, Team, User, World

AS_JSON = frozenset(
    "attachments blocks channels_list event_payload files metadata prefs users_list view".split()
)
AS_BOOL = frozenset(
    "as_user exclude_archived full inclusive include_all_metadata include_locale "
    "include_num_members link_names mrkdwn no_reactions prevent_creation reply_broadcast "
    "return_im test unfurl_links unfurl_media".split()
)
AS_NUMBER = frozenset("length limit count".split())


@dataclass
class Call:
    world: World
    method: str
    sent: Json
    team: Team | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.sent:
            raise Refusal("invalid_arguments", f"missing required field: {name}")
        return self.sent[name]

    @property
    def there(self) -> Team:
        assert self.team
        return self.team

    def channel(self, name: str = "channel") -> Channel:
        """One of this workspace, which the bot can see."""
        found = self.world.channels.get(str(self[name]))
        if found is None or found.team != self.there.id:
            raise Refusal("channel_not_found")
        if found.kind != "channel" and self.there.bot not in found.members:
            raise Refusal("channel_not_found")
        return found

    def message(self, channel: Channel, name: str = "ts") -> Message:
        found = self.world.messages.get(f"{channel.id}:{self[name]}")
        if found is None or found.reader:
            raise Refusal("message_not_found")
        return found

    def user(self, name: str = "user") -> User:
        found = self.there.users.get(str(self[name]))
        if found is None:
            raise Refusal("user_not_found")
        return found


Do = Callable[[Call], Json]


def read(sent: Json) -> Json:
    """Arguments as the service takes them: JSON in strings, words for numbers and switches."""
    return {key: _value(key, value) for key, value in sent.items() if value is not None}


def _value(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if key in AS_BOOL and value in {"0", "1", "true", "false"}:
        return value in {"1", "true"}
    if key in AS_NUMBER and value.isdigit():
        return int(value)
    if key in AS_JSON and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal("invalid_json") from None
    return value
