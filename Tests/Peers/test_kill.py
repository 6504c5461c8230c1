# SPDX-License-Identifier: Apache-2.0
"""Kills the gateway while it writes history: nothing that was acknowledged is lost."""

import json
import random
import signal
import socket
import sqlite3
import time

import pytest

from bench import settings, until

KILLS = 50
SEED = 20_261_121
# How long a run lasts, s. It opens the file and commits its first reading in the first of these
# times, and commits what came since in the second.
MOMENTS = ((0.02, 0.2), (0.95, 1.35))


class Watcher:
    """The newest line of the gateway's status socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.socket.sendall(b'{"every_ms":50}\n')
        self.socket.setblocking(False)
        self.text = b""

    def stored(self):
        """How many readings of this run are acknowledged as stored, by the newest whole line."""
        try:
            while data := self.socket.recv(65_536):
                self.text += data
        except (BlockingIOError, ConnectionError):
            pass
        lines = self.text.split(b"\n")[:-1]
        self.text = (
            self.text[-65_536:]
            if len(lines) < 2
            else lines[-1] + b"\n" + self.text.split(b"\n")[-1]
        )
        return json.loads(lines[-1]).get("history", {}).get("stored", 0) if lines else 0


def run_until_killed(bench, delay):
    """Runs the gateway for so long and kills it; gives how many readings it had acknowledged."""
    end = time.monotonic() + delay
    gateway = bench.gateway()
    watcher = None
    stored = 0
    while time.monotonic() < end:
        if watcher is None:
            try:
                watcher = Watcher(bench.path("cellbus.sock"))
            except OSError:
                pass
        else:
            stored = max(stored, watcher.stored())
        time.sleep(0.005)
    if watcher:
        stored = max(stored, watcher.stored())
        watcher.socket.close()
    assert gateway.is_running, gateway.log
    gateway.end(signal.SIGKILL)
    return stored


def counters(bench, name):
    """The values of a counter in the order of the history."""
    answer = bench.run("history", "--point", name, "--json", "--rows", "100000")
    assert answer.returncode == 0, answer.stderr
    return [row["max"] for row in json.loads(answer.stdout)[0]["rows"]]


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(bench, record_property):
    randomness = random.Random(SEED)
    bench.simulator("--seed", "15")
    bench.write(
        settings(battery={"poll_ms": 100}, history={"file": "history.db", "period_ms": 100})
    )
    # So that the first kill finds a history.
    gateway = bench.gateway()
    until(lambda: bench.view().get("history", {}).get("stored", 0) > 5, 10, "stored readings")
    gateway.end()
    readings = 0
    acknowledged = 0
    highest = 0.0
    for turn in range(KILLS):
        about = f"kill {turn + 1} of seed {SEED}"
        stored = run_until_killed(bench, randomness.uniform(*MOMENTS[turn % 2]))
        acknowledged += stored

        answer = bench.run("history", "--json")
        assert answer.returncode == 0, (about, answer.stderr)
        now = json.loads(answer.stdout)["readings"]
        assert now >= readings + stored, about
        readings = now

        with sqlite3.connect(f"file:{bench.path('history.db')}?mode=ro", uri=True) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], about
        database.close()

        values = counters(bench, "energy_charged_wh")
        assert values == sorted(values), about
        assert values[-1] >= highest, about
        highest = values[-1]
    record_property("readings", readings)
    record_property("acknowledged", acknowledged)
    # The kills must have met a gateway at work.
    assert acknowledged > 2 * KILLS
    assert counters(bench, "energy_charged_wh")[-1] > 0
    assert not [path.name for path in bench.folder.glob("*damaged*")]
