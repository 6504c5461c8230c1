# SPDX-License-Identifier: Apache-2.0
"""The machine's watchdog, by the kernel's own driver; lab/reset.py sees it reset the machine."""

import time

from bench import settings, until


def test_an_orderly_end_leaves_the_machine_running(bench):
    bench.simulator("--seed", "8")
    gateway = bench.gateway(settings(watchdog={"device": "/dev/watchdog", "timeout_s": 6}))
    until(lambda: bench.path("cellbus.sock") and "watchdog" in gateway.log, 60, "the watchdog in the log")
    # Twice its time: what keeps the machine alive are the pets of a gateway that works.
    time.sleep(13)
    assert gateway.is_running, gateway.log
    assert gateway.end(seconds=20) == 0
    # Disarmed, it lets twice its time pass.
    time.sleep(13)
