# SPDX-License-Identifier: Apache-2.0
"""The gateway on a bus of the kernel, heard by python-can and by candump."""

import subprocess
import time

import can
import pytest

import victron
from bench import settings, until


@pytest.fixture
def bus(vcan):
    """An ear on the bus that is no part of Cellbus."""
    with can.Bus(interface="socketcan", channel=vcan) as bus:
        yield bus


def start(bench, vcan):
    """A battery and its gateway, whose inverter is on the bus."""
    bench.simulator("--seed", "7")
    values = settings()
    values["inverters"] = [{"name": "gx", "battery": "pack", "link": {"can": vcan}}]
    return bench.gateway(values)


def heard(bus, identifier, seconds):
    """The next frame with an identifier; None where none comes."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        frame = bus.recv(left)
        if frame is not None and frame.arbitration_id == identifier:
            return frame
    return None


def test_an_inverter_on_a_bus_of_the_kernel_is_told_its_limits(bench, vcan, bus):
    gateway = start(bench, vcan)
    frame = heard(bus, 0x351, 60)
    assert frame is not None, gateway.log
    cvl, ccl, dcl, _ = victron.limits(bytes(frame.data))
    assert 40 < cvl < 60 and 0 <= ccl <= 60 and 0 < dcl <= 100
    # A whole cycle within the next seconds: at least the frames of the picture that a GX needs.
    seen = set()
    end = time.monotonic() + 10
    while time.monotonic() < end and not {0x351, 0x355, 0x356, 0x35A, 0x35E} <= seen:
        if (frame := bus.recv(1)) is not None:
            seen.add(frame.arbitration_id)
    assert {0x351, 0x355, 0x356, 0x35A, 0x35E} <= seen
    assert gateway.end(seconds=20) == 0


def test_candump_and_cellbus_read_the_same_bus(bench, vcan, bus):
    start(bench, vcan)
    assert heard(bus, 0x351, 60) is not None
    dump = subprocess.run(
        ["candump", "-L", "-T", "4000", "-n", "60", vcan], capture_output=True, text=True, check=True
    ).stdout
    assert dump.count(f" {vcan} ") == 60
    (bench.folder / "bus.log").write_text(dump, encoding="ascii")
    told = bench.run("can", "decode", "bus.log", seconds=60)
    assert told.returncode == 0, told.stderr
    assert "0x351" in told.stdout or "351" in told.stdout


def test_an_interface_that_goes_down_and_up_is_used_again(bench, vcan, bus):
    gateway = start(bench, vcan)
    assert heard(bus, 0x351, 60) is not None
    subprocess.run(["ip", "link", "set", vcan, "down"], check=True)
    until(lambda: f"{vcan}: " in gateway.log, 20, "that the bus is down")
    assert gateway.is_running
    subprocess.run(["ip", "link", "set", vcan, "up"], check=True)
    # The ear hung on the interface that went down.
    with can.Bus(interface="socketcan", channel=vcan) as again:
        assert heard(again, 0x351, 30) is not None, gateway.log
    assert gateway.end(seconds=20) == 0
