# SPDX-License-Identifier: Apache-2.0
"""Wires, adapters and disks that go and come back while the gateway runs."""

import os
import subprocess

import pytest

import victron
from bench import settings, until
from bus import Adapter, latest


@pytest.fixture
def adapter(bench):
    """The adapter of a bus on which nobody answers."""
    with Adapter(bench.path("can")) as adapter:
        yield adapter


def frames_since(adapter, moment):
    """The frames that the adapter took after a moment."""
    return [frame for frame in list(adapter.frames) if frame.at > moment]


def flows(adapter, cycles=3):
    """Waits for so many more cycles of frames; gives when their limits came."""
    count = len(adapter.frames)

    def limits():
        found = [frame.at for frame in adapter.frames[count:] if frame.id == 0x351]
        return found if len(found) > cycles else None

    moments = until(limits, 2 * cycles + 3, f"{cycles} cycles of frames")
    gaps = [after - before for before, after in zip(moments, moments[1:])]
    assert max(gaps) < 2.5, gaps
    return moments


def battery(bench):
    """The battery as the gateway shows it."""
    return bench.view()["batteries"][0]


def test_a_serial_port_goes_and_comes_back(bench, adapter):
    simulator = bench.simulator("--seed", "16")
    gateway = bench.gateway(settings(can="can"))
    flows(adapter, 1)
    simulator.end()
    assert not os.path.lexists(bench.path("tty"))
    down = until(
        lambda: not battery(bench)["link"]["up"] and battery(bench), 4, "a link that is down"
    )
    assert "tty" in down["link"]["fault"] and down["link"]["opens"] == 1

    # What was read stays no fresher than it is; limits go on, as the stage says.
    until(lambda: battery(bench)["freshness"] == "aging", 6, "readings that age")
    assert latest(adapter.frames, 0x351)
    # Said once when it goes and once that it is absent, however often it is tried.
    assert 1 <= gateway.log.count("trying again") <= 2

    bench.simulator("--seed", "16", name="simulator 2")
    up = until(
        lambda: battery(bench)["link"]["up"] and battery(bench), 4, "a link that is up again"
    )
    assert up["link"]["opens"] == 2 and "fault" not in up["link"]
    until(lambda: battery(bench)["freshness"] == "fresh", 4, "fresh readings")
    flows(adapter, 1)
    assert "back after" in gateway.log and gateway.is_running


def test_a_can_adapter_goes_and_comes_back(bench, adapter):
    bench.simulator("--seed", "17")
    gateway = bench.gateway(settings(can="can"))
    flows(adapter, 1)
    readings = battery(bench)["live_readings"]
    adapter.close()
    until(lambda: not bench.view()["inverters"][0]["link"]["up"], 4, "a bus that is down")
    # The battery is read on meanwhile.
    until(lambda: battery(bench)["live_readings"] > readings + 4, 4, "more readings")
    assert battery(bench)["freshness"] == "fresh"

    with Adapter(bench.path("can")) as again:
        until(lambda: again.opened, 3, "the adapter opened again")
        flows(again, 1)
        assert bench.view()["inverters"][0]["link"]["up"]
        assert victron.limits(latest(again.frames, 0x351).data)[1] > 0
    assert gateway.is_running


def test_a_reader_whose_cable_is_pulled_says_so(bench):
    simulator = bench.simulator("--seed", "20")
    reader = bench.start("reader", "read", "--port", "tty", "--watch", "--json")
    until(lambda: reader.objects(), 5, "a first reading")
    simulator.end()
    until(lambda: not reader.is_running, 5, "the reader's end")
    assert reader.end() == 69
    assert "tty: has gone" in reader.log
    # And one that comes too late hears that there is no port.
    late = bench.run("read", "--port", "tty")
    assert late.returncode == 69 and "tty: not there" in late.stderr


def test_a_port_in_use_is_refused(bench, adapter):
    bench.simulator("--seed", "18")
    bench.gateway(settings(can="can"))
    flows(adapter, 1)
    errors = battery(bench)["link"]["bad_checksums"]
    answer = bench.run("read", "--port", "tty", "--json")
    assert answer.returncode == 69 and answer.stdout == ""
    assert "tty" in answer.stderr and "another program" in answer.stderr
    # A second gateway may not have it either, nor the CAN adapter.
    bench.write(settings(can="can", status={"socket": "second.sock"}), "second.json5")
    second = bench.start("second gateway", "gateway", "--config", "second.json5")
    until(lambda: second.log.count("another program") >= 2, 4, "two refusals")
    opened = len(adapter.opened)
    flows(adapter, 1)
    assert len(adapter.opened) == opened == 1
    assert second.end() == 0
    view = battery(bench)
    assert view["freshness"] == "fresh" and view["link"]["bad_checksums"] == errors


def test_a_can_log_that_cannot_be_written_disturbs_nothing(bench, adapter):
    bench.simulator("--seed", "19")
    gateway = bench.gateway(settings(can="can", inverter={"log": "/dev/full"}))
    flows(adapter)
    assert "/dev/full" in gateway.log and gateway.log.count("/dev/full") == 1
    assert battery(bench)["freshness"] == "fresh"
    assert gateway.end() == 0


@pytest.fixture
def small_disk(bench):
    """A disk of 256 KiB."""
    place = bench.folder / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(
            f"a full disk was NOT tried: no disk can be mounted here ({done.stderr.strip()})"
        )
    yield place
    bench.__exit__()
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_disturbs_nothing_and_is_got_over(bench, adapter, small_disk):
    bench.simulator("--seed", "20")
    filler = small_disk / "filler"
    filler.write_bytes(bytes(150 * 1024))
    history = {"file": "disk/history.db", "period_ms": 100}
    gateway = bench.gateway(
        settings(
            can="can", inverter={"log": "disk/can.log"}, battery={"poll_ms": 100}, history=history
        )
    )
    until(lambda: bench.view().get("history", {}).get("stored", 0) > 0, 5, "stored readings")
    # Whatever was left goes, too.
    with open(small_disk / "filler 2", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1024))
        except OSError:
            pass
    full = until(
        lambda: "fault" in bench.view()["history"] and bench.view(), 10, "a history that says so"
    )
    assert "disk/history.db" in full["history"]["fault"]
    stored = full["history"]["stored"]
    flows(adapter)
    assert battery(bench)["freshness"] == "fresh"
    assert "disk/can.log" in gateway.log

    filler.unlink()
    back = until(
        lambda: "fault" not in bench.view()["history"] and bench.view()["history"],
        20,
        "a history that stores again",
    )
    assert back["stored"] > stored and back["dropped"] == 0
    assert gateway.end() == 0
    assert bench.run("history", "--json").returncode == 0
