"""Makes children fast, before a snippet comes."""

import atexit
import builtins
import gc
import os
import random
import sys

from bot.sandbox.child import figures
from bot.sandbox.child.harness import SnippetRun
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.protocol import RunRequest

# What most snippets touch. No backward: autograd's threads do not survive another fork.
REHEARSAL = """
import torch
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 5, 2)
        self.out = nn.Linear(5, 2)
    def forward(self, x):
        return self.out(self.rnn(x)[0]).relu()
for _ in range(2):
    seen = Net().to(device)(torch.randn(2, 3, 4, device=device))
    loss = nn.functional.mse_loss(seen, torch.zeros(2, 3, 2, device=device))
print(seen.shape, f"{loss.item():.1f}")
seen
"""


def prepare_zygote() -> None:
    # Leaves one thread alone, or a fork could hang.
    torch = sys.modules["torch"]
    torch.set_num_threads(1)
    torch.manual_seed(0)  # the first time it reads source files, for a GPU that may come
    figures.load_fonts()


def prepare_child(folder: str, plan: JailPlan, *, urgent: bool) -> SnippetRun:
    # Where somebody waits for the child, a rehearsal would make them wait longer.
    atexit._clear()  # libraries tidy up for tens of milliseconds; here the process just ends
    gc.enable()
    if not urgent:
        run_warm_up_snippet(folder, plan)
    _set_seeds()
    return SnippetRun(folder, plan)


def run_warm_up_snippet(folder: str, plan: JailPlan) -> None:
    # Runs a snippet of our own with no output, so that the pages it touches are copied now.
    stdout = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    code = REHEARSAL if plan.preload else "1"
    request = RunRequest.from_worker(RunRequest(code, ("1",)).for_child())
    assert request
    try:
        SnippetRun(folder, plan).run_warm_up(request)
    finally:
        del builtins._  # type: ignore[attr-defined]
        os.dup2(stdout, 1)
        os.close(stdout)
        os.close(null)


def _set_seeds() -> None:
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.default_generator.manual_seed(0)
        if torch.cuda.is_initialized():
            torch.cuda.manual_seed_all(0)
