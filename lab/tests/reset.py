# SPDX-License-Identifier: Apache-2.0
"""Holds the gateway's control thread for good, while all others go on: the machine must be reset.

Run by `lab/run --resets`; it ends only where the watchdog failed.
"""

import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Tests" / "Peers"))

from bench import Bench, settings, until  # noqa: E402
from service import Hold  # noqa: E402

with tempfile.TemporaryDirectory() as folder:
    with Bench(REPOSITORY / ".build" / "debug" / "cellbus", Path(folder)) as bench:
        bench.simulator("--seed", "9")
        gateway = bench.gateway(settings(watchdog={"device": "/dev/watchdog", "timeout_s": 6}))
        until(lambda: "watchdog" in gateway.log, 60, "the watchdog in the log")
        time.sleep(13)
        assert gateway.is_running, gateway.log
        print(f"armed\n{gateway.log}", flush=True)
        with Hold(gateway.process.pid, "control"):
            time.sleep(60)
        sys.exit("the machine was not reset")
