"""Web API: files, in three steps.

They are an address to send it to, the file itself, and where it is to be shown.
"""

from tests.fakes.denied import Denied
from tests.fakes.slack import chat, payloads
from tests.fakes.slack.calls import Call
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import File, Json, World
from tests.fakes.uploads import content_of

LARGEST = 1024**3


def upload_url(call: Call) -> Json:
    length = call["length"]
    if not isinstance(length, int) or not 0 < length <= LARGEST:
        raise Refusal("invalid_arguments", "length: the size of the file in bytes")
    alt = str(call.sent.get("alt_txt") or call.sent.get("alt_text") or "")
    one = File(call.world.id("F"), call.there.id, str(call["filename"]), length, alt)
    call.world.files[one.id] = one
    return {"upload_url": f"{call.world.address}/upload/v1/{one.key}", "file_id": one.id}


def complete(call: Call) -> Json:
    named = call["files"]
    found = [_uploaded(call, one) for one in named]
    for one, asked in zip(found, named, strict=True):
        one.title, one.done = str(asked.get("title") or one.name), True
        one.ready_at = call.world.clock.now() + call.world.file_delay
    for channel in _channels(call):
        call.sent["channel"] = channel
        where = call.channel()
        if call.there.bot not in where.members:
            raise Refusal("not_in_channel")
        sent = {
            "text": call.sent.get("initial_comment", ""),
            "thread_ts": call.sent.get("thread_ts"),
        }
        message = chat.say(call.world, call.there, where, sent)
        message.files = [one.id for one in found]
        call.world.touch()
    return {"files": [payloads.file(call.world, one) for one in found]}


def _uploaded(call: Call, asked: Json) -> File:
    one = call.world.files.get(str(asked.get("id")))
    if one is None or one.team != call.there.id or one.content is None:
        raise Refusal("file_not_found")
    if one.done:
        raise Refusal("file_update_failed")
    return one


def _channels(call: Call) -> list[str]:
    several = str(call.sent.get("channels") or "").split(",")
    return [one for one in (str(call.sent.get("channel_id") or ""), *several) if one]


def show(call: Call) -> Json:
    one = call.world.files.get(str(call["file"]))
    if one is None or one.team != call.there.id or not one.done:
        raise Refusal("file_not_found")
    return {
        "file": payloads.file(call.world, one),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def delete(call: Call) -> Json:
    one = call.world.files.pop(str(call["file"]), None)
    if one is None or one.team != call.there.id:
        raise Refusal("file_not_found")
    return {}


def chosen(world: World, user: str, field: Json, file: Json) -> Json:
    """What a form holds once somebody chose a file in it."""
    kinds = field.get("filetypes")
    if kinds and file["name"].rpartition(".")[2].lower() not in kinds:
        raise Denied(f"only files of {kinds} can be chosen")
    content = content_of(file)
    one = File(
        world.id("F"),
        world.known(user)[0].id,
        file["name"],
        len(content),
        content=content,
        done=True,
    )
    world.files[one.id] = one
    return {"type": "file_input", "files": [payloads.file(world, one)]}


METHODS = {
    "files.getUploadURLExternal": (upload_url, "files:write"),
    "files.completeUploadExternal": (complete, "files:write"),
    "files.info": (show, "files:read"),
    "files.delete": (delete, "files:write"),
}
