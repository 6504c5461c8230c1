# SPDX-License-Identifier: Apache-2.0
"""SIGHUP reads the settings anew: what stays goes on without a gap, what is wrong changes nothing."""

import json
import signal
import time

import can
import pytest

import victron
from bench import settings, until
from bus import Adapter, latest
from service import Manager

RELOADS = 50


@pytest.fixture
def adapter(bench):
    """The adapter of a bus on which nobody answers."""
    with Adapter(bench.path("can")) as adapter:
        yield adapter


def reload(bench, gateway, values):
    """Writes settings, sends SIGHUP and waits for what comes of it."""
    before = bench.view().get("reload", {}).get("time")
    if isinstance(values, str):
        (bench.folder / "cellbus.json5").write_text(values, encoding="utf-8")
    else:
        bench.write(values)
    gateway.process.send_signal(signal.SIGHUP)

    def done():
        found = bench.view().get("reload")
        return found if found and found["time"] != before else None

    return until(done, 5, "a reload")


def limits(frames, after=float("-inf")):
    """Moments and values of the limits that were told."""
    return [
        (frame.at, victron.limits(frame.data))
        for frame in list(frames)
        if frame.id == 0x351 and frame.at > after
    ]


def longest_pause(frames, after=float("-inf")):
    """The longest time between two limits, s."""
    moments = [at for at, _ in limits(frames, after)]
    return max(b - a for a, b in zip(moments, moments[1:]))


@pytest.mark.slow
def test_fifty_reloads_leave_no_gap_and_invent_nothing(bench, record_property):
    simulator = bench.simulator("--seed", "41")
    with Adapter(bench.path("can")) as near, Adapter(bench.path("far")) as far:
        near.peer = far
        # An independent program hears the bus through an adapter of its own.
        with can.Bus(interface="slcan", channel=bench.path("far"), bitrate=500_000) as bus:
            heard = []
            listener = can.Notifier(bus, [lambda m: heard.append((time.monotonic(), m))])
            values = settings(can="can", history={"file": "history.db"})
            gateway = bench.gateway(values)
            until(lambda: limits(near.frames), 8, "limits")
            for turn in range(RELOADS):
                # In turn: nothing, another limit, another pace, another name, another history.
                match turn % 5:
                    case 1:
                        values["batteries"][0]["charging"]["max_charge_current_a"] = 30 + turn
                    case 2:
                        values["inverters"][0]["period_ms"] = 500 + 10 * turn
                    case 3:
                        values["inverters"][0]["model"] = f"round {turn}"
                    case 4:
                        values["history"]["period_ms"] = 200 + turn
                assert reload(bench, gateway, values)["taken"]
                time.sleep(0.2)
            listener.stop()
        assert len(near.opened) == 1, "the bus was never closed"
        told = [(at, m) for at, m in heard if m.arbitration_id == 0x351]
        gaps = [b - a for (a, _), (b, _) in zip(told, told[1:])]
        record_property("longest_gap_ms", round(max(gaps) * 1000))
        assert max(gaps) < 1.2, max(gaps)
        assert longest_pause(near.frames) < 1.2
        most = max(values["batteries"][0]["charging"]["max_charge_current_a"], 60)
        for _, message in told:
            cvl, ccl, dcl, _ = victron.limits(bytes(message.data))
            assert 50 < cvl < 58.5 and 0 < ccl <= most and 0 < dcl <= 100
        battery = bench.view()["batteries"][0]
        assert battery["freshness"] == "fresh" and battery["link"]["opens"] == 1
        true = simulator.truth()[-1][1]["voltage_v"]
        assert abs(battery["reading"]["voltage_v"] - true) < 0.2
        until(lambda: bench.view()["history"]["stored"] > 0, 5, "stored readings")
        assert gateway.end() == 0
    rows = json.loads(bench.run("history", "--json").stdout)["readings"]
    assert rows > 10


def test_a_lower_limit_is_obeyed_at_once(bench, adapter):
    bench.simulator("--seed", "42")
    values = settings(can="can")
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 2, 8, "limits")
    requests = bench.view()["batteries"][0]["link"]["requests"]
    values["batteries"][0]["charging"]["max_charge_current_a"] = 10
    found = reload(bench, gateway, values)
    assert found["taken"] and found["changes"] == ["battery pack changed"] and not found["problems"]
    until(lambda: victron.limits(latest(adapter.frames, 0x351).data)[1] <= 10, 2, "a lower limit")
    assert "settings taken over: battery pack changed" in gateway.log
    until(lambda: bench.view()["batteries"][0]["link"]["requests"] > requests, 3, "more requests")
    assert bench.view()["batteries"][0]["link"]["opens"] == 1
    assert gateway.end() == 0


def test_a_mistake_changes_nothing_and_is_told(bench, adapter):
    bench.simulator("--seed", "43")
    values = settings(can="can")
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 2, 8, "limits")
    opened = len(adapter.opened)
    broken = json.dumps(values).replace('"pack"', '"pack", "speed": 3', 1)
    found = reload(bench, gateway, broken)
    assert not found["taken"] and "speed" in found["problems"][0]
    assert "gateway: settings not taken over; everything goes on as before" in gateway.log
    found = reload(bench, gateway, "{ batteries: [")
    assert not found["taken"] and found["problems"]
    shown = bench.run("monitor", "--once").stdout
    assert "not taken over" in shown
    (bench.folder / "cellbus.json5").unlink()
    gateway.process.send_signal(signal.SIGHUP)
    until(lambda: "no such file" in gateway.log, 5, "a word about the absent file")
    before = time.monotonic()
    until(lambda: len(limits(adapter.frames, before)) > 2, 8, "limits all the same")
    assert len(adapter.opened) == opened and longest_pause(adapter.frames) < 1.5
    # The same settings again are good again.
    bench.write(values)
    assert reload(bench, gateway, values)["changes"] == []
    assert gateway.end() == 0


def test_inverters_and_batteries_come_and_go(bench, adapter):
    bench.simulator("--seed", "44")
    bench.simulator("--seed", "45", pty="tty2", name="second simulator")
    values = settings(can="can", history={"file": "history.db"})
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 1, 8, "limits")
    begin = time.monotonic()
    with Adapter(bench.path("can2")) as second, Adapter(bench.path("can3")) as third:
        more = json.loads(json.dumps(values))
        more["batteries"].append({**values["batteries"][0], "name": "two", "link": {"serial": "tty2"}})
        more["inverters"].append({"name": "deye", "battery": "two", "link": {"slcan": "can2"}})
        more["inverters"].append({"name": "sol", "battery": "pack", "link": {"slcan": "can3"}})
        found = reload(bench, gateway, more)
        assert found["changes"] == ["battery two added", "inverter deye added", "inverter sol added"]
        until(lambda: len(limits(second.frames)) > 2, 8, "limits on the second bus")
        until(lambda: len(limits(third.frames)) > 2, 8, "limits on the third bus")
        # They go again: one cycle of the stale stage on each, then silence.
        marks = [(bus, len(bus.frames)) for bus in (second, third)]
        reload(bench, gateway, values)
        for bus, count in marks:
            assert_last_word(bus, count)
        silent = [len(bus.frames) for bus, _ in marks]
        time.sleep(1.5)
        assert silent == [len(bus.frames) for bus, _ in marks]
    assert longest_pause(adapter.frames, begin) < 1.2 and len(adapter.opened) == 1
    # To the one that stays nothing was over, not even for a moment.
    assert all(ccl > 0 for _, (_, ccl, _, _) in limits(adapter.frames))
    assert not any(
        victron.warns_of_itself(frame.data) for frame in adapter.frames if frame.id == 0x35A
    )
    assert [b["name"] for b in bench.view()["batteries"]] == ["pack"]
    assert gateway.end() == 0


def assert_last_word(bus, count):
    """Among the frames after the first `count` is one cycle of the stale stage, and nothing after it."""
    until(
        lambda: any(ccl == 0 for _, (_, ccl, _, _) in limits(bus.frames[count:])), 3, "a last word"
    )
    time.sleep(0.5)
    word = bus.frames[count:]
    start = next(
        place
        for place, frame in enumerate(word)
        if frame.id == 0x351 and victron.limits(frame.data)[1] == 0
    )
    identifiers = [frame.id for frame in word[start:]]
    assert len(set(identifiers)) == len(identifiers) and len(identifiers) > 2
    assert not victron.MEASURED & set(identifiers)


def test_an_inverter_changes_its_battery_on_an_open_bus(bench, adapter):
    bench.simulator("--seed", "44")
    bench.simulator("--seed", "45", pty="tty2", name="second simulator")
    values = settings(can="can")
    second = {**values["batteries"][0], "name": "two", "link": {"serial": "tty2"}}
    values["batteries"].append(second)
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 1, 8, "limits")
    until(lambda: bench.view()["batteries"][1]["freshness"] == "fresh", 5, "a second battery")
    begin = time.monotonic()
    values["inverters"][0]["battery"] = "two"
    # The battery that the inverter leaves goes, so that nothing of its lane is left to hear the bus.
    values["batteries"] = [second]
    reload(bench, gateway, values)
    until(lambda: len(limits(adapter.frames, begin)) > 3, 8, "limits of the other battery")
    assert len(adapter.opened) == 1 and longest_pause(adapter.frames, begin) < 1.2

    def heard():
        adapter.send(0x305, bytes(8))
        return "heard_ms_ago" in bench.view()["inverters"][0]

    until(heard, 3, "an inverter that is heard on the open bus")
    assert gateway.end() == 0


def test_a_wire_that_moves_keeps_the_inverter_told(bench, adapter):
    bench.simulator("--seed", "46")
    values = settings(can="can")
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 1, 8, "limits")
    begin = time.monotonic()
    # The other port is not there yet: the last readings age, as with a cable that is pulled.
    values["batteries"][0]["link"]["serial"] = "tty2"
    reload(bench, gateway, values)
    until(lambda: bench.view()["batteries"][0]["freshness"] == "aging", 6, "readings that age")
    bench.simulator("--seed", "46", pty="tty2", name="second simulator")
    until(lambda: bench.view()["batteries"][0]["freshness"] == "fresh", 6, "fresh readings")
    assert longest_pause(adapter.frames, begin) < 1.2
    # And the bus: it moves to another adapter, which is told at once.
    with Adapter(bench.path("can2")) as second:
        values["inverters"][0]["link"]["slcan"] = "can2"
        moved = time.monotonic()
        reload(bench, gateway, values)
        until(lambda: limits(second.frames), 3, "limits on the other bus")
        assert limits(second.frames)[0][0] - moved < 2
        count = len(adapter.frames)
        time.sleep(1.2)
        assert len(adapter.frames) == count
    assert gateway.end() == 0


def test_the_manager_hears_of_a_reload(bench, adapter):
    manager = Manager(bench.path("notify"))
    bench.simulator("--seed", "47")
    values = settings(can="can")
    gateway = bench.gateway(values, environment=manager.environment())
    until(lambda: manager.moments("READY=1"), 5, "ready")
    sent = time.monotonic()
    values["batteries"][0]["charging"]["max_charge_current_a"] = 10
    reload(bench, gateway, values)
    until(lambda: len(manager.moments("READY=1")) == 2, 5, "ready again")
    begun = manager.moments("RELOADING=1")
    assert len(begun) == 1 and begun[0] <= manager.moments("READY=1")[1]
    moment = int(manager.lines("MONOTONIC_USEC=")[0].split("=")[1]) / 1e6
    assert sent <= moment <= begun[0]
    reload(bench, gateway, "nonsense")
    until(lambda: len(manager.moments("READY=1")) == 3, 5, "ready after a refusal")
    assert gateway.end() == 0
    manager.close()


def test_the_status_socket_moves_and_the_level_changes(bench, adapter):
    bench.simulator("--seed", "48")
    values = settings(can="can")
    gateway = bench.gateway(values)
    until(lambda: len(limits(adapter.frames)) > 1, 8, "limits")
    bench.write({**values, "status": {"socket": "other.sock"}, "log": {"level": "error"}})
    gateway.process.send_signal(signal.SIGHUP)
    until(lambda: (bench.folder / "other.sock").exists(), 5, "the other socket")
    assert not (bench.folder / "cellbus.sock").exists()
    answer = bench.run("monitor", "--once", "--json", "--socket", "other.sock")
    assert json.loads(answer.stdout)["reload"]["changes"] == ["status changed", "log changed"]
    gateway.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert "read anew" not in gateway.log
    assert gateway.end() == 0
