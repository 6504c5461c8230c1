# SPDX-License-Identifier: Apache-2.0
"""Programs of a test as real processes, and what they say."""

import json
import os
import signal
import subprocess
import threading
import time


#: How many times longer than usual a test waits for what must come: more in a machine that is played.
PATIENCE = float(os.environ.get("CELLBUS_PATIENCE", "1"))


def until(condition, seconds, what):
    """Waits until `condition()` holds and gives its answer; fails when it does not in `seconds`."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Program:
    """A running program. Each line it prints is kept with the moment (monotonic) it came."""

    def __init__(self, name, command, folder, environment=None, stderr=subprocess.PIPE, before=None):
        self.name = name
        self.lines = []
        self.complaints = []
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            preexec_fn=before,
        )
        self._readers = [
            threading.Thread(target=self._keep, args=(pipe, lines), daemon=True)
            for pipe, lines in (
                (self.process.stdout, self.lines),
                (self.process.stderr, self.complaints),
            )
            if pipe
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _keep(pipe, lines):
        with pipe:
            for line in pipe:
                lines.append((time.monotonic(), line.decode("utf-8", "replace").rstrip("\n")))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def is_running(self):
        return self.process.poll() is None

    @property
    def log(self):
        """Everything on standard error so far."""
        return "\n".join(text for _, text in self.complaints)

    def objects(self, start=float("-inf")):
        """The JSON lines since `start`, as pairs of moment and object."""
        return [(at, json.loads(text)) for at, text in list(self.lines) if at >= start]

    def end(self, number=signal.SIGTERM, seconds=5):
        """Sends a signal and waits for the end; gives the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(seconds)
        return status

    def close(self):
        """Ends it, kindly and then not; may be called again."""
        if self.is_running:
            try:
                self.end()
            except subprocess.TimeoutExpired:
                self.end(signal.SIGKILL)


class Simulator(Program):
    """A simulated TinyBMS that prints the true state each second."""

    def truth(self, start=float("-inf")):
        """True states since `start`, as pairs of moment and state."""
        return self.objects(start)

    def around(self, moment, margin=1.2):
        """The true states about a moment, once the one after it has come."""
        until(lambda: self.lines and self.lines[-1][0] > moment, 3, "a true state after the moment")
        return [state for at, state in self.truth(moment - margin) if at <= moment + margin]


class Bench:
    """The directory of a test and the programs in it."""

    def __init__(self, cellbus, folder):
        self.cellbus = str(cellbus)
        self.folder = folder
        self._programs = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The last started first: a gateway before the battery that it reads.
        for program in reversed(self._programs):
            program.close()

    def path(self, name):
        """The path of a file in the directory."""
        return str(self.folder / name)

    def run(self, *arguments, text=None, seconds=15, folder=None):
        """Runs a command to its end."""
        return subprocess.run(
            [self.cellbus, *arguments],
            cwd=folder or self.folder,
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def start(self, name, *arguments, kind=Program, **process):
        """Starts a command that goes on beside the test."""
        program = kind(name, [self.cellbus, *arguments], self.folder, **process)
        self._programs.append(program)
        return program

    def simulator(self, *arguments, pty="tty", can=None, name="simulator"):
        """Starts a simulated battery on `pty`, with its GX on `can` if one is named."""
        bus = ["--can", can] if can else []
        program = self.start(
            name, "simulate", "tinybms", "--pty", pty, *bus, "--json", *arguments, kind=Simulator
        )
        until(lambda: program.lines or not program.is_running, 10, "the simulator's first line")
        assert program.is_running, program.log
        return program

    def gateway(self, settings=None, name="gateway", **process):
        """Starts the gateway, with new settings if they are given."""
        if settings is not None:
            self.write(settings)
        return self.start(name, "gateway", "--config", "cellbus.json5", **process)

    def write(self, settings, name="cellbus.json5"):
        """Writes settings; JSON is JSON5."""
        (self.folder / name).write_text(json.dumps(settings, indent=2), encoding="utf-8")

    def monitor(self, every="100ms"):
        """Starts `cellbus monitor --json` once the gateway can be watched."""
        until(lambda: os.path.exists(self.path("cellbus.sock")), 10, "the gateway's status socket")
        return self.start("monitor", "monitor", "--json", "--every", every)

    def view(self):
        """What `cellbus monitor` says once."""
        answer = self.run("monitor", "--once", "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def logs(self):
        """What the programs said last, for the report of a failed test."""
        sections = []
        for program in self._programs:
            for stream, lines in (("stdout", program.lines), ("stderr", program.complaints)):
                tail = [text[:400] for _, text in list(lines)[-15:]]
                if tail:
                    sections.append((f"{stream} of {program.name}", "\n".join(tail)))
        return sections


def settings(*, serial="tty", can=None, battery=None, inverter=None, history=None, **more):
    """Settings of a gateway for one LFP battery, and for one inverter if `can` is its adapter."""
    result = {
        "batteries": [
            {
                "name": "pack",
                "dialect": "tinybms",
                "link": {"serial": serial},
                "charging": {
                    "chemistry": "lfp",
                    "max_charge_current_a": 60,
                    "max_discharge_current_a": 100,
                },
                **(battery or {}),
            }
        ],
        "history": {"file": None, **(history or {})},
        "status": {"socket": "cellbus.sock"},
        **more,
    }
    if can:
        result["inverters"] = [
            {"name": "gx", "battery": "pack", "link": {"slcan": can}, **(inverter or {})}
        ]
    return result
