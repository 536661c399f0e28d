"""Callers that misbehave.

They send too much or too little, read slowly or not at all, and hang up at every moment.
"""

import gzip
import json
import random
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.protocol import Outcome
from bot.sandbox.worker.probe import ProbeResult
from tests.sandbox.client import Client
from tests.sandbox.workers import Served, serving, until

OK = json.dumps({"code": "6 * 7"}).encode()
FOREVER = "while True: pass"


@pytest.fixture(scope="module")
def small(walls: ProbeResult) -> Iterator[Served]:
    """Two slots, and little patience with who does not read."""
    del walls
    with serving(slots=2, groups=False, patience=0.3) as worker:
        yield worker


def asked(code: str) -> bytes:
    return sent(json.dumps({"code": code}).encode())


def sent(
    body: bytes, *headers: str, start: str = "POST /v1/runs HTTP/1.1", length: bool = True
) -> bytes:
    lines = [start, "Host: x", *headers, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def connected(client: Client) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(str(client.path))
    return line


def chunked(*chunks: bytes) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (*chunks, b""))
    return sent(body, "Transfer-Encoding: chunked", length=False)


ODD = {
    "compressed": (sent(gzip.compress(OK), "Content-Encoding: gzip"), 400, "Content-Encoding"),
    "a bomb": (
        sent(gzip.compress(bytes(50 << 20)), "Content-Encoding: gzip"),
        400,
        "Content-Encoding",
    ),
    "no gzip": (sent(b"\x00\x01junk", "Content-Encoding: deflate"), 400, "Content-Encoding"),
    "an unknown code": (sent(OK, "Content-Encoding: br"), 400, "Content-Encoding"),
    "chunks too many": (chunked(*[b"x" * 60_000] * 20), 413, "too large"),
    "chunks that are none": (
        sent(b"zz\r\n", "Transfer-Encoding: chunked", length=False),
        400,
        "chunk",
    ),
    "two lengths": (sent(OK, "Content-Length: 5"), 400, "Content-Length"),
    "a length below none": (sent(OK, "Content-Length: -5", length=False), 400, "Content-Length"),
    "a header too long": (sent(OK, f"X: {'a' * 20_000}"), 400, "8190 bytes"),
    "headers too many": (
        sent(OK, *[f"X{number}: y" for number in range(500)]),
        400,
        "Too many headers",
    ),
    "NUL in a header": (sent(OK, "X: a\0b"), 400, "Invalid header"),
    "an address too long": (sent(OK, start=f"POST /{'a' * 20_000} HTTP/1.1"), 400, "8190 bytes"),
    "an address of no kind": (sent(b"", start="GET /%zz/../%00 HTTP/1.1"), 404, "There is only"),
    "another way to ask": (sent(b"", start="DELETE /v1/runs HTTP/1.1"), 405, "There is only"),
    "a greeting of TLS": (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400, "HTTPS"),
    "a name of no letters": (sent(OK, "X-Run: \udcff"), 400, "X-Run"),
    "a key as long as a book": (
        sent(json.dumps({"code": "1", "k" * 100_000: 1}).encode()),
        400,
        "There is no 'kkk",
    ),
    "half a megabyte of brackets": (sent(b'{"code":' + b"[" * 500_000), 400, "must be JSON"),
    "a great number": (
        sent(b'{"code": "1", "seconds": ' + b"9" * 9000 + b"}"),
        400,
        "must be JSON",
    ),
}


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_is_odd_is_refused_in_words_and_at_once(small: Served, odd: str) -> None:
    body, status, words = ODD[odd]
    with connected(small.client) as line:
        with suppress(OSError):
            line.sendall(body)
        said = line.recv(65536)
    assert re.match(rb"HTTP/1\.[01] %d " % status, said), said
    assert words.encode() in said
    assert len(said) < 2000


PLAIN = {
    "HTTP/1.0": sent(OK, start="POST /v1/runs HTTP/1.0"),
    "in chunks": chunked(OK[:5], OK[5:]),
    "as no JSON": sent(OK, "Content-Type: text/html; charset=utf-16"),
    "asking first": sent(OK, "Expect: 100-continue"),
    "with a mark of the order of bytes": sent(b"\xef\xbb\xbf" + OK),
    "wanting another protocol": sent(OK, "Upgrade: websocket", "Connection: Upgrade"),
}


@pytest.mark.parametrize("plain", PLAIN, ids=str)
def test_what_can_be_understood_is_run(small: Served, plain: str) -> None:
    until(small.is_full)
    with connected(small.client) as line:
        line.sendall(PLAIN[plain])
        said = b""
        while b'"t": "end"' not in said:
            said += line.recv(65536)
    assert b'"text": "42\\n"' in said


def test_requests_in_a_row_on_one_line_are_answered_in_their_order(small: Served) -> None:
    with connected(small.client) as line:
        line.sendall(b"".join(asked(f"print({number})") for number in range(12)))
        said = b""
        while said.count(b'"t": "end"') < 12:
            said += line.recv(65536)
    assert re.findall(rb'"text": "(\d+)\\n"', said) == [b"%d" % number for number in range(12)]


def test_who_hangs_up_in_a_row_of_requests_leaves_no_run_behind(small: Served) -> None:
    until(small.is_full)
    with connected(small.client) as line:
        line.sendall(asked(FOREVER) * 10)
        line.recv(100)
    until(small.is_full)


def test_who_does_not_read_is_hung_up_on_and_gives_back_the_slot(small: Served) -> None:
    """The output is larger than what lies between worker and reader; others run meanwhile."""
    until(small.is_full)
    files = "import os\nfor n in range(8): open(f'/tmp/out/{n}', 'wb').write(os.urandom(900_000))"
    before = cancelled(small)
    with connected(small.client) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.sendall(asked(files))
        assert small.client.run("6 * 7").output == "42\n"
        until(lambda: cancelled(small) > before)
    until(small.is_full)


def cancelled(worker: Served) -> int:
    metrics = worker.client.ask("GET", "/metrics").text
    found = re.search(r'torchproof_runs_total{outcome="cancelled"} (\d+)', metrics)
    assert found
    return int(found[1])


SNIPPETS = (
    "print(1)",
    FOREVER,
    "import os\nos.fork()\nos.fork()\nprint(2)",
    "open('/tmp/out/x', 'w').write('x' * 100_000)",
    "plt.plot([1]); plt.show()",
    "1 / 0",
)


def test_whoever_hangs_up_at_whatever_moment_costs_nothing(small: Served) -> None:
    """No slot, no descriptor and no zygote; the hard way, too, and in the middle of a request."""
    worker, chance = psutil.Process(small.process.pid), random.Random(5)
    until(small.is_full)
    before = worker.num_fds()
    for _ in range(120):
        with connected(small.client) as line:
            whole = asked(chance.choice(SNIPPETS))
            line.sendall(
                whole[: chance.choice([len(whole), len(whole), chance.randrange(len(whole))])]
            )
            threading.Event().wait(chance.choice([0, 0, 0.001, 0.003, 0.006, 0.02]))
            if chance.random() < 0.3:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(small.is_full)
    until(lambda: worker.num_fds() <= before)
    metrics = small.client.ask("GET", "/metrics").text
    assert 'torchproof_zygotes_total{device="cpu"} 1\n' in metrics
    assert small.client.run("6 * 7").output == "42\n"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.lists(
        st.binary(max_size=30).filter(lambda line: b"\r" not in line and b"\n" not in line),
        max_size=4,
    ),
    body=st.binary(max_size=60),
    length=st.integers(-2, 200),
    seed=st.integers(0, 1000),
)
def test_whatever_stands_around_a_body_the_worker_stays_well(
    small: Served, head: list[bytes], body: bytes, length: int, seed: int
) -> None:
    lines = [b"POST /v1/runs HTTP/1.1", b"Host: x", *head, b"Content-Length: %d" % length]
    random.Random(seed).shuffle(lines)
    with connected(small.client) as line:
        line.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            line.recv(65536)
    assert small.client.ask("GET", "/health").status == 200


def test_less_memory_can_be_asked_for(either: Served) -> None:
    """Where control groups hold the limit of all runs, the keeper holds a lower one."""
    greedy = (
        "import time\nx = bytearray(300 << 20)\nfor n in range(0, len(x), 4096): x[n] = 1\n"
        "time.sleep(5)"
    )
    seen = either.client.run(greedy, memory_mb=128)
    assert (seen.outcome, seen.note) == (Outcome.MEMORY, "out of memory: 128 MB for one run")
    assert either.client.run("print(1)", memory_mb=128).outcome is Outcome.DONE
