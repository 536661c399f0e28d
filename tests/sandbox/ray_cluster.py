"""Two Ray nodes on loopback, in a network of their own.

There are 40 runs, while a replica and a node are killed in their middle.

Started by `test_cluster.py` in a network namespace; prints what happened as JSON.
"""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import aclosing

import psutil
import ray
from ray import serve
from ray.cluster_utils import Cluster

from bot.sandbox.bot.dispatch import Dispatcher
from bot.sandbox.bot.queue import LocalQueue, Restarted, Ticket
from bot.sandbox.bot.worker_client import WorkerAddress
from bot.sandbox.protocol import End, RunRequest, Start
from bot.sandbox.worker.ray_cluster import deployed

RUNS, TOKEN, SLOTS = 40, "of the cluster", 3
CODE = "import time\ntime.sleep(1)\nprint({n})"


def replicas() -> list[psutil.Process]:
    return [
        each
        for each in psutil.process_iter()
        if "ServeReplica" in each.name() and "Slot" in " ".join(each.cmdline())
    ]


async def main() -> None:
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 2, "node_ip_address": "127.0.0.1", "include_dashboard": False},
    )
    second = cluster.add_node(num_cpus=2, node_ip_address="127.0.0.2")
    ray.init(address=cluster.address, log_to_driver=False)
    serve.start(proxy_location="HeadOnly", http_options={"host": "127.0.0.1", "port": 8423})
    serve.run(
        deployed({"slots": str(SLOTS), "least": str(SLOTS), "token": TOKEN}),
        name="torchproof",
        route_prefix="/",
    )
    dispatcher = Dispatcher([WorkerAddress("http://127.0.0.1:8423", TOKEN)], LocalQueue(200))
    serving = asyncio.create_task(dispatcher.serve())
    started: set[int] = set()
    outcomes: dict[int, str] = {}
    restarted: set[int] = set()

    async def run(n: int) -> None:
        ticket = Ticket(
            f"run-{n}", f"person {n}", f"community {n % 4}", RunRequest(CODE.format(n=n))
        )
        async with aclosing(dispatcher.run(ticket)) as signs:
            async for sign in signs:
                if isinstance(sign, Start):
                    started.add(n)
                elif isinstance(sign, Restarted):
                    restarted.add(n)
                    started.discard(n)
                elif isinstance(sign, End):
                    outcomes[n] = sign.outcome.value
        started.discard(n)

    async def in_the_middle(ended: int) -> None:
        """So many have ended, and every replica is at work."""
        while len(outcomes) < ended or len(started) < SLOTS:  # noqa: ASYNC110 (this is a script's own clock)
            await asyncio.sleep(0.02)

    async def kill() -> None:
        await in_the_middle(5)
        replicas()[0].kill()
        await in_the_middle(15)
        await asyncio.to_thread(cluster.remove_node, second, allow_graceful=False)

    await asyncio.gather(kill(), *(run(n) for n in range(RUNS)))
    serving.cancel()
    sys.stdout.write(
        json.dumps({"outcomes": list(outcomes.values()), "restarted": len(restarted)}) + "\n"
    )
    sys.stdout.flush()
    serve.shutdown()
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    asyncio.run(main())
