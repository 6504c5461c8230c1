# SPDX-License-Identifier: Apache-2.0
"""The gateway as a service: what the manager is told, and parts that fail and come back."""

import json
import os
import resource
import signal
import socket
import time
import tty

import pytest

import victron
from bench import settings, until
from bus import Adapter, latest
from service import Hold, Manager


@pytest.fixture
def manager(bench):
    """A service manager; it outlives the programs of the bench."""
    manager = Manager(bench.path("notify"))
    yield manager
    manager.close()


@pytest.fixture
def adapter(bench):
    """The adapter of a bus on which nobody answers."""
    with Adapter(bench.path("can")) as adapter:
        yield adapter


def part(bench, name):
    """A part as the gateway shows it; None where there is none."""
    return next((part for part in bench.view()["parts"] if part["name"] == name), None)


def limits(adapter, after=float("-inf")):
    """When limits were told."""
    return [frame.at for frame in list(adapter.frames) if frame.id == 0x351 and frame.at > after]


def test_the_manager_hears_of_start_work_and_end(bench, adapter, manager):
    bench.simulator("--seed", "31")
    began = time.monotonic()
    gateway = bench.gateway(settings(can="can"), environment=manager.environment(watchdog=1))
    ready = until(lambda: manager.moments("READY=1"), 5, "ready")[0]
    assert ready > began
    # Ready is a promise: the bus is open by then.
    assert adapter.opened and adapter.opened[0] <= ready + 0.05
    until(lambda: "STATUS=pack fresh; 1 inverter" in manager.lines("STATUS="), 5, "the stages")
    until(lambda: len(manager.moments("WATCHDOG=1")) > 6, 8, "pets")
    pets = manager.moments("WATCHDOG=1")
    assert pets[0] >= ready - 0.05
    gaps = [after - before for before, after in zip(pets, pets[1:])]
    assert min(gaps) > 0.3 and sorted(gaps)[len(gaps) // 2] < 0.8, gaps
    assert gateway.end() == 0
    until(lambda: manager.moments("STOPPING=1"), 2, "stopping")
    assert len(manager.moments("READY=1")) == 1


def test_a_battery_that_does_not_answer_keeps_nobody_from_being_ready(bench, adapter, manager):
    # Neither the wire nor the battery is there, nor the disk.
    gateway = bench.gateway(
        settings(can="can", history={"file": "absent/history.db"}),
        environment=manager.environment(watchdog=1),
    )
    until(lambda: manager.moments("READY=1"), 5, "ready")
    until(lambda: len(manager.moments("WATCHDOG=1")) > 2, 5, "pets")
    assert "STATUS=pack lost; 1 inverter" in manager.lines("STATUS=")
    assert gateway.end() == 0


def test_a_control_thread_that_hangs_is_not_petted_for(bench, adapter, manager):
    bench.simulator("--seed", "32")
    gateway = bench.gateway(settings(can="can"), environment=manager.environment(watchdog=0.6))
    until(lambda: len(manager.moments("WATCHDOG=1")) > 2, 5, "pets")
    with Hold(gateway.process.pid, "control"):
        held = time.monotonic()
        # One pet may be on its way for what was completed before.
        time.sleep(2)
        assert len(manager.moments("WATCHDOG=1", after=held + 0.4)) == 0
        # Everything else is alive, and shows that nothing is.
        assert bench.view()["batteries"][0]["freshness"] == "aging"
        released = time.monotonic()
    until(lambda: manager.moments("WATCHDOG=1", after=released), 5, "pets again")
    until(lambda: limits(adapter, released), 5, "limits again")
    # Any other thread may hang without harm to the control.
    with Hold(gateway.process.pid, "status"), Hold(gateway.process.pid, "log"):
        held = time.monotonic()
        until(lambda: len(manager.moments("WATCHDOG=1", after=held)) > 2, 5, "pets")
        until(lambda: len(limits(adapter, held)) > 2, 5, "limits")
    assert gateway.end() == 0


def test_nobody_listens_at_the_managers_socket(bench, adapter):
    bench.simulator("--seed", "33")
    gateway = bench.gateway(
        settings(can="can"),
        environment={"NOTIFY_SOCKET": bench.path("nobody"), "WATCHDOG_USEC": "1000000"},
    )
    until(lambda: len(limits(adapter)) > 2, 8, "limits")
    assert gateway.end() == 0


def test_a_socket_in_use_is_taken_when_it_is_free(bench, adapter):
    bench.simulator("--seed", "34")
    other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    other.bind(bench.path("cellbus.sock"))
    other.listen()
    gateway = bench.gateway(settings(can="can"))
    until(lambda: len(limits(adapter)) > 3, 8, "limits all the same")
    assert gateway.log.count("cellbus.sock: address already in use") == 1
    other.close()
    until(lambda: "status: works again after" in gateway.log, 10, "a status server")
    assert part(bench, "status")["state"] == "running"
    assert gateway.log.count("address already in use") == 1
    assert gateway.end() == 0


def test_a_history_without_a_directory_starts_when_there_is_one(bench, adapter):
    bench.simulator("--seed", "35")
    gateway = bench.gateway(settings(can="can", history={"file": "later/history.db"}))
    until(lambda: os.path.exists(bench.path("cellbus.sock")), 5, "the status socket")
    failing = until(
        lambda: part(bench, "history")["state"] == "failing" and part(bench, "history"),
        5,
        "a history that says why",
    )
    assert "later/history.db" in failing["fault"]
    until(lambda: len(limits(adapter)) > 1, 5, "limits all the same")
    # Once as a setting, once as a fault.
    assert gateway.log.count("later/history.db") == 2
    assert latest(adapter.frames, 0x378) is None, "no counter is told before it is known"
    (bench.folder / "later").mkdir()
    until(lambda: part(bench, "history")["state"] == "running", 40, "a history")
    until(lambda: "history: works again" in gateway.log, 3, "and a word about it")
    until(lambda: bench.view()["history"]["stored"] > 0, 5, "stored readings")
    until(lambda: latest(adapter.frames, 0x378), 5, "counters")
    assert gateway.end() == 0


def test_a_frame_log_without_a_directory_is_written_when_there_is_one(bench, adapter):
    bench.simulator("--seed", "36")
    gateway = bench.gateway(settings(can="can", inverter={"log": "later/can.log"}))
    until(lambda: os.path.exists(bench.path("cellbus.sock")), 5, "the status socket")
    until(lambda: (part(bench, "traffic gx") or {}).get("state") == "failing", 8, "a failing log")
    assert gateway.log.count("later/can.log") == 1
    (bench.folder / "later").mkdir()
    until(lambda: part(bench, "traffic gx")["state"] == "running", 8, "a log")
    until(lambda: (bench.folder / "later" / "can.log").stat().st_size > 0, 5, "frames in it")
    assert gateway.end() == 0


def test_a_log_that_nobody_reads_delays_nothing_and_goes_on(bench, adapter):
    bench.simulator("--seed", "37")
    bench.write(settings(can="can"))
    read, write = os.pipe()
    gateway = bench.start(
        "gateway", "gateway", "--config", "cellbus.json5", stderr=write
    )
    os.close(write)
    until(lambda: len(limits(adapter)) > 0, 8, "limits")
    # Each reload with another mistake is some lines of its own; the pipe holds 64 KiB and the queue a
    # thousand lines. Lines that are the same would be counted instead.
    good = settings(can="can")
    end = time.monotonic() + 60
    count = 0
    while part(bench, "log")["state"] == "running" and time.monotonic() < end:
        for _ in range(100):
            count += 1
            wrong = {f"wrong_{count}_{place}": 1 for place in range(20)}
            bench.write({**good, **wrong})
            gateway.process.send_signal(signal.SIGHUP)
            time.sleep(0.002)
    bench.write(good)
    assert part(bench, "log")["state"] == "failing", part(bench, "log")
    until(lambda: len(limits(adapter)) > 3, 8, "limits while nobody reads the log")
    moments = limits(adapter)
    assert max(b - a for a, b in zip(moments, moments[1:])) < 1.5
    text = b""
    while b"found no room" not in text:
        text += os.read(read, 65_536)
    until(lambda: part(bench, "log")["state"] == "running", 5, "a log that goes on")
    gateway.process.send_signal(signal.SIGTERM)
    assert gateway.process.wait(5) == 0
    os.close(read)


def test_a_control_that_cannot_start_starts_when_it_can(bench, adapter, manager):
    bench.simulator("--seed", "38")
    bench.write(settings(can="can"))
    # So few descriptors that the log has its own and the control none.
    gateway = bench.start(
        "gateway",
        "gateway",
        "--config",
        "cellbus.json5",
        environment=manager.environment(),
        before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (8, 4096)),
    )
    until(lambda: "control: too many open files (EMFILE)" in gateway.log, 5, "a control without")
    assert not adapter.opened and not manager.moments("READY=1")
    resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (256, 4096))
    lifted = time.monotonic()
    until(lambda: adapter.opened, 5, "a control")
    assert adapter.opened[0] - lifted < 1.5
    until(lambda: limits(adapter), 5, "limits")
    until(lambda: manager.moments("READY=1"), 5, "ready")
    until(lambda: part(bench, "status")["state"] == "running", 70, "a status server")
    assert gateway.log.count("control: too many open files") == 1
    assert gateway.end() == 0


def test_a_control_that_breaks_is_started_again_within_a_second(bench, adapter):
    bench.simulator("--seed", "39")
    gateway = bench.gateway(settings(can="can"))
    until(lambda: len(limits(adapter)) > 1, 8, "limits")
    # The epoll of the control is the first; closed from outside, the loop can wait for nothing.
    close_descriptor(gateway.process.pid, "anon_inode:[eventpoll]")
    broken = until(
        lambda: [at for at, text in list(gateway.complaints) if "error control: " in text],
        5,
        "a broken control",
    )[0]
    until(lambda: len(adapter.opened) > 1, 5, "the bus opened again")
    after = until(lambda: limits(adapter, adapter.opened[1]), 5, "limits again")[0]
    assert after - broken < 2
    _, ccl, dcl, _ = victron.limits(latest(adapter.frames, 0x351).data)
    assert ccl > 0 and dcl > 0
    assert part(bench, "control")["restarts"] == 1
    assert gateway.end() == 0


def test_the_machines_watchdog_is_petted_only_for_completed_cycles(bench, adapter):
    bench.simulator("--seed", "49")
    values = settings(can="can", watchdog={"device": bench.path("watchdog"), "timeout_s": 5})
    bench.write(values)
    if "unknown setting" in bench.run("check").stdout:
        pytest.skip("the machine's watchdog was NOT tried: this program has no such setting")
    gateway = bench.gateway()
    until(lambda: "watchdog: " in gateway.log and "no such file" in gateway.log, 5, "its absence")
    until(lambda: len(limits(adapter)) > 0, 5, "limits all the same")
    # A terminal stands for the device: it takes bytes and knows nothing of watchdogs.
    end, terminal = os.openpty()
    tty.setraw(terminal)
    os.set_blocking(end, False)
    os.symlink(os.ttyname(terminal), bench.path("watchdog"))

    def pets():
        try:
            return os.read(end, 1000)
        except BlockingIOError:
            return b""

    until(lambda: pets() == b"\0", 15, "a device that is found and petted")
    until(lambda: part(bench, "watchdog")["state"] == "running", 3, "a watchdog that is well")
    until(lambda: pets() == b"\0", 5, "another pet")
    with Hold(gateway.process.pid, "control"):
        time.sleep(1.5)
        pets()
        time.sleep(2.5)
        assert pets() == b""
    until(lambda: pets(), 5, "pets again")
    # Killed, it leaves the device armed; the next run goes on, and its orderly end disarms.
    gateway.end(signal.SIGKILL)
    assert b"V" not in pets()
    gateway = bench.gateway()
    until(lambda: pets() == b"\0", 10, "a pet of the next run")
    assert gateway.end() == 0
    assert pets().endswith(b"V")
    os.close(end)
    os.close(terminal)


def busy(process, name):
    """Seconds that a thread has run, or waited for its turn to run (proc(5), schedstat)."""
    for task in os.scandir(f"/proc/{process}/task"):
        with open(f"{task.path}/comm", encoding="ascii") as comm:
            if comm.read().strip() == name:
                with open(f"{task.path}/schedstat", encoding="ascii") as told:
                    ran, waited, _ = told.read().split()
                return (int(ran) + int(waited)) / 1e9
    raise AssertionError(f"there is no thread {name}")


def close_descriptor(process, target):
    """Closes the first descriptor of a process that leads to a target, by gdb."""
    import shutil
    import subprocess

    if not shutil.which("gdb"):
        pytest.skip("a broken control was NOT tried: there is no gdb here")
    links = {int(n): os.readlink(f"/proc/{process}/fd/{n}") for n in os.listdir(f"/proc/{process}/fd")}
    number = min(n for n, link in links.items() if link == target)
    subprocess.run(
        ["gdb", "-p", str(process), "-batch", "-nx", "-ex", f"call (int)close({number})"],
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_counters_go_on_when_the_control_breaks(bench, adapter):
    bench.simulator("--seed", "40")
    gateway = bench.gateway(settings(can="can", history={"file": "history.db", "period_ms": 200}))
    shown = lambda: bench.view()["batteries"][0].get("reading", {}).get("energy_discharged_wh")
    until(lambda: (shown() or 0) > 0, 30, "energy that was counted")
    time.sleep(1.5)
    before = shown()
    close_descriptor(gateway.process.pid, "anon_inode:[eventpoll]")
    until(lambda: len(adapter.opened) > 1, 8, "the bus opened again")
    after = until(shown, 10, "counters")
    assert after >= before > 0
    rows = json.loads(
        bench.run("history", "--point", "energy_discharged_wh", "--json", "--rows", "1000").stdout
    )[0]["rows"]
    values = [row["max"] for row in rows]
    assert values == sorted(values)
    assert gateway.end() == 0


def test_a_caller_for_whom_no_descriptor_is_left_costs_nothing(bench):
    bench.simulator("--seed", "44")
    gateway = bench.gateway(settings())
    until(lambda: os.path.exists(bench.path("cellbus.sock")), 10, "the status socket")
    bench.view()
    identity = gateway.process.pid
    before = resource.prlimit(identity, resource.RLIMIT_NOFILE)
    used = max(int(number) for number in os.listdir(f"/proc/{identity}/fd")) + 1
    resource.prlimit(identity, resource.RLIMIT_NOFILE, (used, before[1]))
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(bench.path("cellbus.sock"))
    start, began = busy(identity, "status"), time.monotonic()
    time.sleep(2)
    # A door that is tried without end keeps its thread busy, or waiting for its turn, all the time.
    assert busy(identity, "status") - start < 0.5 * (time.monotonic() - began)
    resource.prlimit(identity, resource.RLIMIT_NOFILE, before)
    caller.settimeout(5)
    assert caller.recv(100).startswith(b"{")
    caller.close()
    assert gateway.end() == 0
