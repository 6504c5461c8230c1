# SPDX-License-Identifier: Apache-2.0
"""Recordings: what is written is what was on the wire, and reads back as what was read."""

import json
import os
import resource
import select
import signal
import subprocess
import termios
import threading
import tty

import can
import pytest

from bench import settings, until
from recordings import Recording


class Tee(threading.Thread):
    """Stands in the wire between a battery and what reads it, and keeps every byte."""

    def __init__(self, battery):
        super().__init__(daemon=True)
        self.sent = bytearray()
        self.heard = bytearray()
        # Both together, in their order.
        self.pieces = []
        self._battery = os.open(battery, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._battery)
        self._near, far = os.openpty()
        tty.setraw(far, termios.TCSANOW)
        self._far = far
        self.path = os.ttyname(far)
        self._wake, self._end = os.pipe()
        self.start()

    def run(self):
        while True:
            ready, _, _ = select.select([self._battery, self._near, self._wake], [], [])
            if self._wake in ready:
                return
            for source, target, kept in (
                (self._near, self._battery, self.sent),
                (self._battery, self._near, self.heard),
            ):
                if source in ready:
                    data = os.read(source, 4096)
                    kept += data
                    self.pieces.append((kept is self.sent, data))
                    os.write(target, data)

    def close(self):
        os.write(self._end, b"x")
        self.join()
        for number in (self._battery, self._near, self._far, self._wake, self._end):
            os.close(number)


def readings(text):
    """The readings of live values in lines of JSON, and the other lines."""
    objects = [json.loads(line) for line in text.splitlines()]
    live = [each["reading"] for each in objects if each.get("live", "reading" in each)]
    return live, objects


@pytest.mark.parametrize("fault", ["none", "broadcast", "garbled", "dropped-bytes", "wrong-checksum"])
def test_a_recording_holds_what_was_on_the_wire_and_reads_back_the_same(bench, fault):
    faults = [] if fault == "none" else ["--fault", f"{fault}@1s-4s"]
    bench.simulator("--seed", "5", *faults)
    tee = Tee(bench.path("tty"))
    answer = bench.run(
        "record", "--port", tee.path, "--dialect", "tinybms", "--out", "unit.log", "--for", "7s",
        "--json",
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    tee.close()
    summary = json.loads(answer.stdout)

    recording = Recording(bench.folder / "unit.log")
    assert recording.headers[0]["link"] == tee.path
    assert recording.headers[0]["dialect"] == "tinybms"
    assert recording.stream(">") == bytes(tee.sent)
    heard = bytes(tee.heard)
    assert heard.startswith(recording.stream("<")) and len(heard) - len(recording.stream("<")) < 500
    assert recording.notes == ["opened", "closed"]
    for before, after in zip(recording.lines, recording.lines[1:]):
        assert before.monotonic <= after.monotonic

    replay = bench.run("replay", "unit.log", "--json")
    live, objects = readings(replay.stdout)
    found = objects[-1]["summary"]
    assert found["conversation"] == summary["conversation"]
    assert found["live_readings"] == summary["live_readings"] == len(live)
    assert found["bytes_in"] == summary["bytes_in"] and found["bytes_out"] == summary["bytes_out"]
    # What was still asked at the end had no time left for its answer.
    counted = {each["fault"]["kind"]: 0 for each in objects if "fault" in each}
    for each in objects:
        if "fault" in each:
            counted[each["fault"]["kind"]] += 1
    for kind, count in found["faults"].items():
        assert counted[kind] == count
        assert summary["faults"].get(kind, 0) in (count, count - 1)
    assert (fault in ("none", "broadcast")) == (not summary["faults"])


def test_what_read_printed_is_what_replay_prints(bench):
    bench.simulator("--seed", "6", "--fault", "garbled@2s-4s")
    arguments = ("--port", "tty", "--watch", "--for", "6s", "--json", "--record", "read.log")
    answer = bench.run("read", *arguments)
    assert answer.returncode == 0, answer.stderr
    printed = [json.loads(line)["reading"] for line in answer.stdout.splitlines()]
    live, _ = readings(bench.run("replay", "read.log", "--json").stdout)
    assert len(printed) > 5
    assert live == printed


def test_a_recording_is_never_overwritten(bench):
    bench.simulator()
    (bench.folder / "unit.log").write_text("mine", encoding="ascii")
    for command in (["record", "--out"], ["read", "--record"]):
        answer = bench.run(command[0], "--port", "tty", command[1], "unit.log")
        assert answer.returncode == 73 and "unit.log" in answer.stderr
    assert (bench.folder / "unit.log").read_text(encoding="ascii") == "mine"


def test_a_wrong_port_leaves_no_file(bench):
    answer = bench.run("record", "--port", "absent", "--out", "unit.log")
    assert answer.returncode == 69
    assert not (bench.folder / "unit.log").exists()


def test_listening_sends_nothing_and_hears_both_sides(bench):
    """Two ports: one hears the battery, one the program that asks it."""
    bench.simulator("--seed", "7")
    tee = Tee(bench.path("tty"))
    battery, host = os.openpty(), os.openpty()
    for near, far in (battery, host):
        tty.setraw(near)
        tty.setraw(far)
    recorder = bench.start(
        "record", "record", "--port", os.ttyname(battery[1]), "--host-port", os.ttyname(host[1]),
        "--out", "heard.log", "--json",
    )  # fmt: skip
    until(lambda: (bench.folder / "heard.log").exists(), 10, "the recording")
    reader = bench.start("read", "read", "--port", tee.path, "--watch", "--json", "--for", "4s")
    done = 0
    while reader.is_running or done < len(tee.pieces):
        if done < len(tee.pieces):
            is_question, data = tee.pieces[done]
            os.write(host[0] if is_question else battery[0], data)
            done += 1
        # Two ports keep the order of what comes on both only when it does not come at once.
        select.select([], [], [], 0.005)
    until(lambda: len(reader.lines) > 5, 5, "readings")
    select.select([], [], [], 0.5)
    assert recorder.end(signal.SIGINT) == 0
    for near, _ in (battery, host):
        os.set_blocking(near, False)
        with pytest.raises(BlockingIOError):
            os.read(near, 1)
    recording = Recording(bench.folder / "heard.log")
    assert "dialect" not in recording.headers[0]
    assert recording.stream(">") == bytes(tee.sent)
    assert recording.stream("<") == bytes(tee.heard)
    assert bench.run("replay", "heard.log").returncode == 64
    live, _ = readings(bench.run("replay", "heard.log", "--json", "--dialect", "tinybms").stdout)
    shown = [json.loads(text)["reading"] for _, text in reader.lines]
    assert len(live) >= len(shown) - 1
    assert all(reading in live for reading in shown[2:-1])
    tee.close()


def test_a_recording_speaks_as_its_battery(bench):
    """A gateway runs against a recording and shows what was recorded."""
    simulator = bench.simulator("--seed", "8")
    answer = bench.run(
        "record", "--port", "tty", "--dialect", "tinybms", "--out", "unit.log", "--for", "5s"
    )
    assert answer.returncode == 0, answer.stderr
    simulator.end()
    recorded, _ = readings(bench.run("replay", "unit.log", "--json").stdout)
    voltages = {reading["voltage_v"] for reading in recorded}
    server = bench.start("replay", "replay", "unit.log", "--pty", "tty-replay", "--json")
    until(lambda: os.path.lexists(bench.path("tty-replay")), 10, "the pseudo-terminal")
    bench.gateway(settings(serial="tty-replay"))
    monitor = bench.monitor()

    def shown():
        views = [view["batteries"] for _, view in monitor.objects() if view["batteries"]]
        readings_shown = [batteries[0].get("reading", {}) for batteries in views]
        return [reading["voltage_v"] for reading in readings_shown if "voltage_v" in reading]

    until(lambda: len(shown()) > 60, 20, "readings of the recording")
    seen = shown()
    assert set(seen) <= voltages and len(set(seen)) > 1
    assert server.end(signal.SIGINT) == 0
    result = json.loads(server.lines[-1][1])
    assert result["answered"] > 10 and result["not_recorded"] == []


def test_a_question_that_was_never_recorded_gets_no_answer(bench):
    (bench.folder / "unit.log").write_text(
        "(1700000000.000000) tty > AA1800 @1.000000\n(1700000000.010000) tty < 0102 @1.010000\n",
        encoding="ascii",
    )
    server = bench.start("replay", "replay", "unit.log", "--pty", "tty-replay", "--json")
    until(lambda: os.path.lexists(bench.path("tty-replay")), 10, "the pseudo-terminal")
    port = os.open(bench.path("tty-replay"), os.O_RDWR | os.O_NOCTTY)
    os.write(port, b"\x01\x02\x03")
    os.write(port, b"\xaa\x18\x00")
    assert os.read(port, 16) == b"\x01\x02"
    os.close(port)
    assert server.end(signal.SIGINT) == 0
    result = json.loads(server.lines[-1][1])
    assert result == {"answered": 1, "not_recorded": [{"request_hex": "010203", "count": 1}]}


def test_exchanges_are_what_decode_reads(bench):
    bench.simulator("--seed", "9")
    bench.run("record", "--port", "tty", "--dialect", "tinybms", "--out", "unit.log", "--for", "3s")
    exchanges = bench.run("replay", "unit.log", "--exchanges")
    assert exchanges.returncode == 0
    decoded = bench.run("decode", text=exchanges.stdout)
    assert decoded.returncode == 0
    objects = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert len(objects) == len(exchanges.stdout.splitlines()) > 10
    live = [each for each in objects if "cell_voltages_v" in each["reading"]]
    assert len(live) > 5 and all("time_left_s" in each["registers"] for each in live)


def test_a_killed_recorder_leaves_whole_lines(bench):
    """With files of a few lines, each put aside: nothing in between is missing."""
    bench.simulator("--seed", "10", "--speed", "10", "--fault", "broadcast")
    for attempt in range(4):
        name = f"unit{attempt}.log"
        recorder = bench.start(
            name, "record", "--port", "tty", "--dialect", "tinybms", "--out", name, "--largest", "2000",
            "--kept", "1000",
        )  # fmt: skip
        until(lambda name=name: (bench.folder / f"{name}.2").exists(), 20, "files put aside")
        select.select([], [], [], 0.05 + 0.3 * attempt)
        recorder.process.kill()
        recorder.process.wait()
        numbers = sorted(
            (int(path.suffix[1:]) for path in bench.folder.glob(f"{name}.*")), reverse=True
        )
        paths = [bench.folder / f"{name}.{number}" for number in numbers]
        last = bench.folder / name
        if last.exists():
            paths.append(last)
        for path in paths:
            assert path.stat().st_size <= 2000 or len(path.read_text().splitlines()) <= 40
            assert path.read_text(encoding="ascii").endswith("\n")
        recording = Recording(*paths)
        assert recording.notes == ["opened"]
        answer = bench.run("replay", *map(str, paths), "--json")
        live, objects = readings(answer.stdout)
        assert objects[-1]["summary"]["unknown_lines"] == 0 and live


def test_a_disk_that_takes_no_more_is_told_and_leaves_whole_lines(bench):
    bench.simulator("--seed", "11")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    answer = subprocess.run(
        [bench.cellbus, "record", "--port", "tty", "--dialect", "tinybms", "--out", "unit.log",
         "--for", "5s", "--json"],
        cwd=bench.folder, capture_output=True, text=True, timeout=20, check=False, preexec_fn=limit,
    )  # fmt: skip
    assert answer.returncode == 74
    assert "unit.log" in answer.stderr and "incomplete" in answer.stderr
    summary = json.loads(answer.stdout)
    assert summary["lost_lines"] > 0 and summary["live_readings"] > 5
    text = (bench.folder / "unit.log").read_text(encoding="ascii")
    assert len(text) <= 3000 and text.endswith("\n")
    Recording(bench.folder / "unit.log")


def test_can_logs_are_read_by_python_can(bench):
    simulator = bench.simulator("--seed", "12", can="tty-can")
    bench.gateway(settings(can="tty-can", inverter={"log": "can.log"}))
    monitor = bench.monitor()
    until(
        lambda: any(view["inverters"][0]["link"]["frames_out"] > 60 for _, view in monitor.objects())
        if monitor.lines
        else False,
        20,
        "frames on the bus",
    )
    for program in reversed(bench._programs):
        if program is not simulator:
            program.end()
    frames = list(can.CanutilsLogReader(bench.folder / "can.log"))
    assert len(frames) > 60
    assert {0x351, 0x355, 0x356, 0x305} <= {frame.arbitration_id for frame in frames}
    times = [frame.timestamp for frame in frames]
    assert times == sorted(times)
    raw = (bench.folder / "can.log").read_text(encoding="ascii").splitlines()
    assert [f"{frame.arbitration_id:03X}#{frame.data.hex().upper()}" for frame in frames] == [
        line.split()[2] for line in raw
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["replay"], 64, "FILE"),
        (["replay", "absent.log"], 66, "absent.log"),
        (["replay", "empty.log", "--dialect", "tinybms"], 65, "empty.log"),
        (["replay", "empty.log"], 64, "--dialect"),
        (["replay", "later.log"], 65, "version 2"),
        (["replay", "other.log"], 65, "acme"),
        (["record", "--port", "tty"], 64, "--out"),
        (["record", "--port", "a", "--out", "b", "--host-port", "c", "--dialect", "tinybms"], 64, "--host-port"),
    ],
)  # fmt: skip
def test_mistakes_are_explained(bench, arguments, status, says):
    files = {
        "empty.log": "nothing\n",
        "later.log": "# cellbus traffic 2 link=a wall=1.0 monotonic=1.0\n",
        "other.log": "# cellbus traffic 1 link=a dialect=acme wall=1.0 monotonic=1.0\n",
    }
    for name, text in files.items():
        (bench.folder / name).write_text(text, encoding="ascii")
    answer = bench.run(*arguments)
    assert answer.returncode == status, answer.stderr
    assert says in answer.stderr
