"""What a snippet gets.

It gets an echo, tensors with their shapes, pictures, files, seeds, order, short tracebacks.
"""

import struct
import tomllib
import zlib
from pathlib import Path

import pytest

from bot.sandbox import limits
from bot.sandbox.child import tracebacks
from bot.sandbox.protocol import Outcome, Value
from tests.sandbox.client import Client

LIMITS = limits.read()


def printed(client: Client, code: str) -> str:
    seen = client.run(code)
    assert seen.outcome is Outcome.DONE, seen.output
    return seen.output


def test_the_last_expression_is_echoed(client: Client) -> None:
    assert printed(client, "x = 6\nx * 7") == "42\n"
    assert printed(client, "x = 6\nx * 7;") == ""
    assert printed(client, "None") == ""
    assert printed(client, "6 * 7\nx = 1") == ""


def test_the_marks_below_a_line_stand_under_what_failed(client: Client) -> None:
    seen = client.run("a = torch.ones(2, 3)\na @ a")
    assert "    a @ a\n    ~~^~~\n" in seen.output


def test_a_tensor_is_shown_with_shape_type_and_device(client: Client) -> None:
    assert printed(client, "torch.ones(2)") == "tensor([1., 1.])\n# shape (2,), float32, cpu\n"
    assert printed(client, "np.arange(2)") == "array([0, 1])\n# shape (2,), int64\n"


def test_the_parts_of_a_small_collection_are_shown_one_by_one(client: Client) -> None:
    shown = printed(client, "torch.zeros(1), {'a': torch.ones(1, dtype=torch.int64)}, 5")
    assert (
        "[0]\ntensor([0.])\n# shape (1,), float32, cpu\n[1]\n['a']\ntensor([1])\n"
        "# shape (1,), int64, cpu\n[2]\n5"
    ) in shown


def test_the_common_names_are_there(client: Client) -> None:
    assert printed(
        client, "device, nn.Linear(1, 1).in_features, F.relu(torch.tensor(-1.)).item(), np.pi > 3"
    ) == ("(device(type='cpu'), 1, 0.0, True)\n")


def test_seeds_are_fixed_unless_it_sets_its_own(client: Client) -> None:
    code = "import random; print(torch.rand(1).item(), np.random.rand(), random.random())"
    assert printed(client, code) == printed(client, code)
    assert printed(client, f"torch.manual_seed(5); {code}") != printed(client, code)


def test_output_and_errors_stay_in_order(client: Client) -> None:
    code = (
        "import sys\nfor n in range(5):\n    print(n)\n    print(-n, file=sys.stderr)\n"
        "print('a', end='')\nprint('b', file=sys.stderr)"
    )
    assert printed(client, code) == "".join(f"{n}\n{-n}\n" for n in range(5)) + "ab\n"


def test_a_program_that_it_starts_speaks_in_order_too(client: Client) -> None:
    code = "import subprocess\nprint('before')\nsubprocess.run(['echo', 'between'])\nprint('after')"
    assert printed(client, code) == "before\nbetween\nafter\n"


def test_a_traceback_has_the_lines_of_the_snippet_alone(client: Client) -> None:
    seen = client.run("def forward(x):\n    return nn.Linear(3, 2)(x)\n\nforward(torch.ones(4))")
    assert seen.outcome is Outcome.RAISED
    assert seen.output.count('File "<snippet>"') == seen.output.count("File ") == 2
    assert "line 2, in forward\n    return nn.Linear(3, 2)(x)" in seen.output
    assert "mat1 and mat2 shapes cannot be multiplied (1x4 and 3x2)" in seen.output
    assert "→ The last size on the left (of a layer's input) must equal" in seen.output


def test_causes_are_shortened_too(client: Client) -> None:
    code = (
        "try:\n    torch.ones(2).view(3)\nexcept RuntimeError as error:\n"
        "    raise ValueError('no') from error"
    )
    seen = client.run(code)
    assert seen.output.count("File ") == seen.output.count('"<snippet>"') == 2
    assert "ValueError: no" in seen.output


def test_a_deep_recursion_is_told_shortly(client: Client) -> None:
    seen = client.run("def f(): f()\nf()")
    assert "RecursionError" in seen.output
    assert len(seen.output.splitlines()) < 20


ERRORS = {
    "in_features": "nn.Linear(3, 2)(torch.ones(1, 4))",
    "different types": "F.cross_entropy(torch.ones(1, 2), torch.ones(1, dtype=torch.int32))",
    "leads back to a parameter": "torch.ones(1).backward()",
    "changed in place": "x = torch.ones(2, requires_grad=True); x += 1",
    "overwritten": "x = torch.ones(2, requires_grad=True); y = x.exp(); y += 1; y.sum().backward()",
    "graph is gone": (
        "x = torch.ones(2, requires_grad=True); y = (x * x).sum(); y.backward(); y.backward()"
    ),
    "starts from one number": "x = torch.ones(2, requires_grad=True); (x * 2).backward()",
    "dimension is missing": "nn.BatchNorm1d(3)(torch.ones(1, 3))",
    "shapes do not fit": "torch.ones(2) + torch.ones(3)",
    "number of elements": "torch.ones(2, 3).view(4)",
    "index is too large": "nn.Embedding(2, 3)(torch.tensor([2]))",
    "no gradients": "torch.ones(1, requires_grad=True).numpy()",
    "got many": "bool(torch.ones(2))",
    "no network": "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    "nothing can be installed": "import transformers_that_is_not_there",
    "Only /tmp can be written": "open('/usr/x', 'w')",
    "1.5 GB for one process": "torch.ones(1 << 30)",
    "Print both shapes": "nn.GRU(4, 5)(torch.ones(2, 3, 6))",
    "often the batch": "nn.Conv2d(1, 1, 3)(torch.ones(8, 8))",
    "class numbers and token ids": "F.cross_entropy(torch.ones(1, 2), torch.tensor([2]))",
}


@pytest.mark.parametrize("advised", ERRORS)
def test_a_common_error_comes_with_what_to_look_at(client: Client, advised: str) -> None:
    seen = client.run(ERRORS[advised])
    assert seen.outcome is Outcome.RAISED
    assert advised in seen.output.rpartition("→ ")[2], seen.output


def test_every_piece_of_advice_is_a_sentence_with_limits_that_exist() -> None:
    for entry in tomllib.loads(tracebacks.ADVICE.read_text("utf-8"))["error"]:
        assert LIMITS.fill_in(entry["says"]).endswith(".")
    assert tracebacks.advice_for("RuntimeError: something else", LIMITS) == ""


def decoded(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the pixels of a PNG as the worker writes it."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    size = struct.unpack(">I", png[33:37])[0]
    rows = zlib.decompress(png[41 : 41 + size])
    assert len(rows) == (4 * width + 1) * height
    return width, height, rows


def test_a_figure_that_is_shown_comes_back_as_png(client: Client, tmp_path: Path) -> None:
    code = "plt.plot([1, 3, 2], color='red')\nplt.title('A figure')\nplt.show()"
    (picture,) = client.run(code).pictures
    (tmp_path / "figure.png").write_bytes(picture.png)
    width, height, rows = decoded(picture.png)
    assert (width, height) == (640, 480)
    assert rows.count(b"\xff\x00\x00\xff") > 100  # red pixels


def test_a_figure_that_is_left_open_comes_back_and_no_more_than_four(client: Client) -> None:
    assert len(client.run("plt.plot([1])").pictures) == 1
    assert len(client.run("for _ in range(6):\n    plt.figure()").pictures) == LIMITS.pictures
    shown_and_left = client.run("plt.plot([1]); plt.show(); plt.plot([2])")
    assert [picture.name for picture in shown_and_left.pictures] == ["1.png", "2.png"]


def test_a_huge_figure_is_made_smaller(client: Client) -> None:
    (picture,) = client.run(
        "plt.figure(figsize=(100, 50), dpi=300).add_subplot().plot([1])"
    ).pictures
    width, height, _ = decoded(picture.png)
    assert width * height <= LIMITS.picture_pixels
    assert width == pytest.approx(2 * height, rel=0.01)


def test_an_image_in_the_folder_comes_back_as_a_picture_made_anew(client: Client) -> None:
    code = "from PIL import Image\nImage.new('RGB', (30, 20), 'blue').save('/tmp/out/x.jpg')"
    seen = client.run(code)
    assert seen.files == ()
    width, height, rows = decoded(seen.pictures[0].png)
    assert (width, height) == (30, 20)
    assert b"\xfe\xff" in rows or b"\xff\xff" in rows


def test_files_in_the_folder_come_back_under_plain_names(client: Client) -> None:
    seen = client.run(
        "open('/tmp/out/loss.csv', 'w').write('1,2')\n"
        "open('/tmp/out/\\u202e sly\\n name?.txt', 'w').write('x')\n"
        "open(b'/tmp/out/\\xff\\xfe', 'wb').write(b'y')"
    )
    assert {file.name: file.content for file in seen.files} == {
        "loss.csv": b"1,2",
        "sly_name_.txt": b"x",
        "file": b"y",
    }


def test_long_output_is_cut_counted_and_kept_whole_as_a_file(client: Client) -> None:
    seen = client.run("for n in range(5000): print(n)")
    assert seen.outcome is Outcome.DONE
    assert seen.output.splitlines() == [str(n) for n in range(LIMITS.shown_lines)]
    assert seen.hidden == 5000 - LIMITS.shown_lines
    (whole,) = seen.files
    assert whole.name == "output.txt"
    assert whole.content.decode().splitlines() == [str(n) for n in range(5000)]


def test_probes_are_evaluated_after_the_snippet(client: Client) -> None:
    seen = client.run("x = torch.arange(3)", probes=("x", "x.shape", "x.sum().item()", "y"))
    assert seen.values[:3] == (Value("[0, 1, 2]"), Value("(3,)"), Value("3"))
    assert seen.values[3].error == "NameError: name 'y' is not defined"


def test_probes_are_evaluated_even_when_the_snippet_stops(client: Client) -> None:
    seen = client.run("x = 5\n1 / 0", probes=("x",))
    assert (seen.outcome, seen.values) == (Outcome.RAISED, (Value("5"),))


def test_an_exit_status_is_told(client: Client) -> None:
    assert client.run("import sys; sys.exit()").rc == 0
    assert client.run("import sys; sys.exit(3)").rc == 3
    seen = client.run("import sys; sys.exit('no more')")
    assert (seen.rc, seen.output) == (1, "no more\n")


def test_its_own_farewell_and_its_threads_are_waited_for(client: Client) -> None:
    code = (
        "import atexit, threading, time\natexit.register(print, 'last')\n"
        "def late():\n    time.sleep(0.05)\n    print('thread')\n"
        "threading.Thread(target=late).start()\nprint('first')"
    )
    assert printed(client, code) == "first\nthread\nlast\n"


def test_a_run_that_is_stopped_says_where(client: Client) -> None:
    seen = client.run("def train():\n    while True:\n        pass\ntrain()", seconds=0.3)
    assert seen.outcome is Outcome.TIME
    assert seen.note == "out of time: 0.3 s for one run"
    assert "Stopped in line " in seen.output


def test_what_a_study_group_does_works(client: Client) -> None:
    """Training, autograd, a data loader with workers, threads.

    Also a compiled function, multiprocessing, asyncio.
    """
    code = """
import asyncio, multiprocessing
from torch.utils.data import DataLoader, TensorDataset
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
optimiser = torch.optim.Adam(model.parameters())
pairs = TensorDataset(torch.randn(32, 2), torch.randn(32, 1))
for x, y in DataLoader(pairs, batch_size=8, num_workers=2):
    optimiser.zero_grad(); F.mse_loss(model(x), y).backward(); optimiser.step()
torch.set_num_threads(2)
(torch.ones(300, 300) @ torch.ones(300, 300)).sum()
def double(n): return 2 * n
with multiprocessing.Pool(2) as pool: print(pool.map(double, [1, 2]))
async def later(): await asyncio.sleep(0.01); return 'later'
print(asyncio.run(later()))
print(torch.jit.script(nn.Linear(1, 1))(torch.ones(1)).shape)
print(torch.func.grad(lambda x: x ** 2)(torch.tensor(3.0)))
"""
    assert printed(client, code) == "[2, 4]\nlater\ntorch.Size([1])\ntensor(6.)\n"


def test_lone_surrogates_and_nul_in_the_code_are_told_as_errors(client: Client) -> None:
    assert "surrogates not allowed" in client.run("x = '\ud800'").output
    assert "null bytes" in client.run("x = 1\0").output
