# SPDX-License-Identifier: Apache-2.0
"""The bytes that the gateway says it writes are those that the kernel counts."""

import json
import time
from pathlib import Path

from bench import settings, until


def written(process):
    """Bytes that the history's thread has handed to the system, by the kernel's own count."""
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        if (task / "comm").read_text().strip() == "history":
            pairs = (line.split(": ") for line in (task / "io").read_text().splitlines())
            return int(dict(pairs)["wchar"])
    return None


def test_bytes_written_are_those_that_the_kernel_counts(bench):
    bench.simulator("--seed", "5")
    gateway = bench.gateway(
        settings(battery={"poll_ms": 100}, history={"file": "history.db", "period_ms": 100})
    )
    until(lambda: Path(bench.path("cellbus.sock")).exists(), 10, "the gateway")
    until(lambda: bench.view().get("history", {}).get("stored", 0) > 60, 20, "stored readings")
    kernel = 0
    # The last look before the end counts, so they come close together.
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        kernel = written(gateway.process) or kernel
    assert kernel > 20_000
    assert gateway.end(seconds=10) == 0
    told = json.loads(bench.run("history", "--json").stdout)["written_today_bytes"]
    # After that look at most two commits and the checkpoint at the end can follow: the log once more.
    assert kernel <= told + 4096, (kernel, told)
    size = Path(bench.path("history.db")).stat().st_size
    assert told <= kernel + size + 200_000, (kernel, told, size)
