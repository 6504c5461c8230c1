#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a real gateway for minutes or days while everything around it goes wrong, and watches what it costs.

Simulated batteries and an inverter are the far ends of pseudo-terminals, in processes of their own. One after the
other they are killed, stopped, unplugged and started again; the gateway is told to read its settings anew; programs
come to look at it and go. Every second the kernel is asked what the gateway occupies. In the end the medians of the
first and the last quarter are compared: memory and threads must not have grown. Descriptors come and go with what is
plugged in, so that the most of the first half and of the last quarter are compared.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BATTERIES = 3
SCENARIOS = ("demo", "house", "solar-day")
# How much the median of a quarter may exceed that of the first: what allocators and caches do.
MEMORY_SHARE, MEMORY_KIB = 0.05, 1024
# A viewer or two that happen to be there.
MORE_DESCRIPTORS = 2
BARS = "▁▂▃▄▅▆▇█"


class Process:
    """A program that may be killed and started again."""

    def __init__(self, folder, log, *command):
        self.folder, self.log, self.command = folder, log, command
        self.running = None

    def start(self):
        """Starts it; what it says is appended to its log."""
        with open(self.folder / self.log, "ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def stop(self, number=signal.SIGTERM):
        """Ends it and waits until it has ended."""
        if self.running and self.running.poll() is None:
            self.running.send_signal(signal.SIGCONT)
            self.running.send_signal(number)
            self.running.wait(10)


class Cost:
    """What the kernel says of a process."""

    def __init__(self, pid, folder):
        place = Path(f"/proc/{pid}")
        status = dict(
            line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line
        )
        self.at = time.monotonic()
        self.memory = int(status["VmRSS"].split()[0])
        self.own = int(status["RssAnon"].split()[0])
        self.threads = int(status["Threads"])
        self.descriptors = len(os.listdir(place / "fd"))
        self.nanoseconds = 0
        for task in os.listdir(place / "task"):
            try:
                self.nanoseconds += int((place / "task" / task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                pass
        self.history = sum(file.stat().st_size for file in folder.glob("history.db*"))


class Bench:
    """The gateway and everything around it."""

    def __init__(self, cellbus, folder, dice):
        self.cellbus, self.folder, self.dice = str(cellbus), folder, dice
        self.gateway = Process(folder, "gateway.log", self.cellbus, "gateway")
        self.batteries = [
            Process(
                folder, f"battery-{index}.log", self.cellbus, "simulate", "tinybms", "--quiet",
                "--pty", f"tty-{index}", "--can", f"can-{index}", "--speed", "10",
                "--scenario", SCENARIOS[index % len(SCENARIOS)], "--seed", str(index + 1),
            )
            for index in range(BATTERIES)
        ]
        self.viewer = None
        self.troubles = {}

    def write(self, every=250):
        """Writes the settings; reading them anew must change nothing but the period of the polls."""
        charging = {"chemistry": "lfp", "max_charge_current_a": 60, "max_discharge_current_a": 100}
        settings = {
            "batteries": [
                {
                    "name": f"pack-{index}",
                    "dialect": "tinybms",
                    "link": {"serial": f"tty-{index}"},
                    "poll_ms": every,
                    "charging": charging,
                }
                for index in range(BATTERIES)
            ],
            "inverters": [
                {"name": f"gx-{index}", "battery": f"pack-{index}", "link": {"slcan": f"can-{index}"}}
                for index in range(BATTERIES)
            ],
            "history": {"file": "history.db"},
            "status": {"socket": "cellbus.sock"},
        }
        (self.folder / "cellbus.json5").write_text(json.dumps(settings, indent=2), encoding="utf-8")

    def start(self):
        """Starts everything."""
        self.write()
        for battery in self.batteries:
            battery.start()
        self.gateway.start()

    def stop(self):
        """Ends everything, the gateway first."""
        if self.viewer:
            self.viewer.kill()
            self.viewer.wait()
        for process in [self.gateway, *self.batteries]:
            process.stop()

    @property
    def is_alive(self):
        """Whether the gateway runs."""
        return self.gateway.running.poll() is None

    def trouble(self):
        """Makes something go wrong; gives what puts it right again."""
        battery = self.dice.choice(self.batteries)
        kind = self.dice.choice(("kill", "freeze", "unplug", "reload", "look", "flood"))
        self.troubles[kind] = self.troubles.get(kind, 0) + 1
        if kind == "kill":
            battery.stop(signal.SIGKILL)
            return battery.start
        if kind == "freeze":
            battery.running.send_signal(signal.SIGSTOP)
            return lambda: battery.running.send_signal(signal.SIGCONT)
        if kind == "unplug":
            # Its links vanish with it, as the device of an adapter does.
            battery.stop()
            return battery.start
        if kind == "reload":
            self.write(self.dice.choice((250, 250, 500)))
            self.gateway.running.send_signal(signal.SIGHUP)
            return lambda: None
        if kind == "look":
            if self.viewer:
                self.viewer.kill()
                self.viewer.wait()
            self.viewer = subprocess.Popen(
                [self.cellbus, "monitor", "--json", "--every", "100ms"], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            return lambda: None
        # Programs that connect and leave at once.
        for _ in range(8):
            subprocess.run(
                [self.cellbus, "monitor", "--once", "--json"], cwd=self.folder, timeout=10,
                capture_output=True, check=False,
            )
        return lambda: None

    def view(self):
        """What the gateway says of itself."""
        answer = subprocess.run(
            [self.cellbus, "monitor", "--once", "--json"], cwd=self.folder, timeout=10,
            capture_output=True, text=True, check=False,
        )
        return json.loads(answer.stdout) if answer.returncode == 0 else {"batteries": []}

    def well(self, seconds):
        """Whether all batteries are fresh within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            stages = [battery["freshness"] for battery in self.view()["batteries"]]
            if stages == ["fresh"] * BATTERIES:
                return True
            time.sleep(0.5)
        return False


def soak(bench, seconds):
    """Lives through so many seconds; gives the costs after the start."""
    costs, cures = [], []
    begin = time.monotonic()
    calm = begin + min(15, seconds / 8)
    next_trouble = calm
    while bench.is_alive and time.monotonic() < begin + seconds:
        now = time.monotonic()
        for due, cure in [pair for pair in cures if pair[0] <= now]:
            cure()
            cures.remove((due, cure))
        if now >= next_trouble and not cures:
            cures.append((now + bench.dice.uniform(0.5, min(75, seconds / 12)), bench.trouble()))
            next_trouble = now + bench.dice.uniform(1, 5)
        if now >= calm:
            costs.append(Cost(bench.gateway.running.pid, bench.folder))
        time.sleep(1)
    for _, cure in cures:
        cure()
    return costs


def quarters(values):
    """The medians of the four quarters."""
    size = len(values) / 4
    return [statistics.median(values[int(i * size):int((i + 1) * size)]) for i in range(4)]


def chart(values, width=60):
    """The course of values as a line of bars, from the lowest to the highest."""
    size = max(1, len(values) / width)
    places = [values[int(i * size):max(int(i * size) + 1, int((i + 1) * size))]
              for i in range(min(width, len(values)))]
    means = [statistics.fmean(place) for place in places]
    low, span = min(means), max(means) - min(means)
    return "".join(BARS[int((mean - low) / span * 7.99) if span else 0] for mean in means)


def report(costs):
    """Prints the table and the charts; gives what has grown."""
    shares = [
        (b.nanoseconds - a.nanoseconds) / (b.at - a.at) / 1e7 for a, b in zip(costs, costs[1:])
    ]
    rows = [
        ("resident memory, KiB", [cost.memory for cost in costs], "{:,.0f}"),
        ("of it its own, KiB", [cost.own for cost in costs], "{:,.0f}"),
        ("descriptors", [cost.descriptors for cost in costs], "{:.0f}"),
        ("threads", [cost.threads for cost in costs], "{:.0f}"),
        ("processor, % of a core", shares, "{:.2f}"),
        ("history file, KiB", [cost.history / 1024 for cost in costs], "{:,.0f}"),
    ]
    print(f"{'median of each quarter':24}{'1st':>10}{'2nd':>10}{'3rd':>10}{'4th':>10}  course")
    for name, values, form in rows:
        medians = [form.format(median) for median in quarters(values)]
        print(f"{name:24}" + "".join(f"{median:>10}" for median in medians) + f"  {chart(values)}")
    grown = []
    first, *_, last = quarters([cost.own for cost in costs])
    if last > first * (1 + MEMORY_SHARE) + MEMORY_KIB:
        grown.append(f"memory grew from {first:.0f} to {last:.0f} KiB")
    descriptors = [cost.descriptors for cost in costs]
    first, last = max(descriptors[:len(costs) // 2]), max(descriptors[-(len(costs) // 4):])
    if last > first + MORE_DESCRIPTORS:
        grown.append(f"descriptors grew from {first} to {last}")
    first, *_, last = quarters([cost.threads for cost in costs])
    if last > first:
        grown.append(f"threads grew from {first:.0f} to {last:.0f}")
    return grown


def main():
    """Runs and judges; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cellbus", default=".build/release/cellbus", help="the program under test")
    parser.add_argument("--minutes", type=float, default=10, help="how long, in real time")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same troubles")
    options = parser.parse_args()
    cellbus = Path(options.cellbus).absolute()
    if not os.access(cellbus, os.X_OK):
        print(f"{cellbus} is not there; build it: swift build -c release --product cellbus")
        return 2
    with tempfile.TemporaryDirectory(prefix="cellbus-soak-") as folder:
        bench = Bench(cellbus, Path(folder), random.Random(options.seed))
        print(f"{BATTERIES} batteries and inverters for {options.minutes:g} min, seed {options.seed}")
        try:
            bench.start()
            costs = soak(bench, options.minutes * 60)
            problems = [] if bench.is_alive else ["the gateway has ended"]
            if len(costs) >= 8:
                problems += report(costs)
            else:
                problems.append("too short to judge")
            if bench.is_alive and not bench.well(90):
                problems.append("not all batteries are fresh again within 90 s")
        finally:
            bench.stop()
        print("troubles: " + ", ".join(f"{count} × {kind}" for kind, count in bench.troubles.items()))
        if problems:
            print((Path(folder) / "gateway.log").read_text(encoding="utf-8", errors="replace")[-2000:])
    print("soak: " + ("sound" if not problems else "NOT SOUND: " + "; ".join(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
