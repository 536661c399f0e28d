"""How a snippet travels from the worker to a child."""

import json

from bot.sandbox.protocol import RunRequest


def encode(request: RunRequest) -> bytes:
    code = request.code.encode("utf-8", "surrogatepass")
    return json.dumps({"probes": request.probes, "size": len(code)}).encode() + b"\n" + code


def decode(message: bytes) -> RunRequest | None:
    # None if the worker died while it was writing.
    head, _, code = message.partition(b"\n")
    if not head or len(code) != (header := json.loads(head))["size"]:
        return None
    return RunRequest(code.decode("utf-8", "surrogatepass"), tuple(header["probes"]))
