# SPDX-License-Identifier: Apache-2.0
"""Several simulated batteries are one bank on a bus that python-can hears."""

import signal
import time

import can
import pytest

import victron
from bench import until
from bus import Adapter

NAMES = ["left", "right", "attic"]
CHARGING = {
    "chemistry": "lfp",
    "max_charge_current_a": 30,
    "max_discharge_current_a": 50,
    "current_hold_s": 1,
    "current_ramp_a": 20,
}


def values(**bank):
    """Three batteries, the last one slower, in one bank that drives a GX; shortened stages."""
    ages = {"fresh_ms": 1000, "aging_ms": 2500, "stale_ms": 5500}
    return {
        "batteries": [
            {
                "name": name,
                "dialect": "tinybms",
                "link": {"serial": f"tty-{name}"},
                "poll_ms": 500 if name == "attic" else 150,
                "charging": dict(CHARGING),
                **ages,
            }
            for name in NAMES
        ],
        "banks": [
            {
                "name": "house",
                "members": list(NAMES),
                "rise_hold_s": 1,
                "current_ramp_a": 50,
                "voltage_ramp_v": 1,
                "difference_hold_s": 1,
                **bank,
            }
        ],
        "inverters": [{"name": "gx", "battery": "house", "link": {"slcan": "can"}}],
        "history": {"file": "history.db"},
        "status": {"socket": "cellbus.sock"},
    }


class Listener:
    """Another program on the bus: python-can, on an adapter of its own."""

    def __init__(self, bus):
        self.heard = []
        self._notifier = can.Notifier(bus, [self._take])

    def _take(self, message):
        self.heard.append((time.monotonic(), message.arbitration_id, bytes(message.data)))

    def stop(self):
        self._notifier.stop()

    def newest(self, number, after=float("-inf")):
        """The newest frame with an identifier, or None."""
        for at, identifier, data in reversed(list(self.heard)):
            if identifier == number and at > after:
                return data
        return None

    def limits(self, after=float("-inf")):
        """All limits since a moment."""
        return [
            (at, victron.limits(data))
            for at, identifier, data in list(self.heard)
            if identifier == 0x351 and at > after
        ]


@pytest.fixture
def packs(bench):
    """Three simulators."""
    return {
        name: bench.simulator("--seed", str(50 + index), pty=f"tty-{name}", name=name)
        for index, name in enumerate(NAMES)
    }


@pytest.fixture
def bus(bench):
    """A bus with the gateway on one end and python-can on the other."""
    with Adapter(bench.path("can")) as near, Adapter(bench.path("far")) as far:
        near.peer = far
        with can.Bus(interface="slcan", channel=bench.path("far"), bitrate=500_000) as other:
            listener = Listener(other)
            yield listener
            listener.stop()


def modules(data):
    """0x372: online, blocking charge, blocking discharge, offline."""
    return tuple(int.from_bytes(data[i : i + 2], "little") for i in range(0, 8, 2))


def state(bench):
    """How each pack stands."""
    return [pack["state"] for pack in bench.view()["banks"][0]["packs"]]


@pytest.mark.slow
def test_three_packs_are_one_battery_and_a_lost_one_leaves(bench, packs, bus):
    begun = time.monotonic()
    gateway = bench.gateway(values())
    until(lambda: bus.limits(), 8, "limits")
    first = bus.limits()[0]
    # No pack is told of alone first: the start waits for all.
    assert first[1][1] <= 0.9 * 90 and first[1][2] == pytest.approx(0.9 * 150, abs=1), first
    assert first[0] - begun < 5
    until(lambda: bus.newest(0x372), 5, "modules")
    assert modules(bus.newest(0x372)) == (3, 0, 0, 0)
    view = until(lambda: next(iter(bench.view().get("banks", [])), None), 5, "the bank")
    assert view["freshness"] == "fresh" and view["arrangement"] == "parallel"
    assert [pack["name"] for pack in view["packs"]] == NAMES
    assert set(view["derived"]) >= {"voltage_v", "current_a", "soc_pct", "full_ah"}
    assert view["cell_min_pack"] in NAMES
    # Sums of what the simulators know themselves.
    alone = bench.view()["batteries"]
    assert view["reading"]["full_ah"] == pytest.approx(sum(b["reading"]["full_ah"] for b in alone))
    assert bus.newest(0x374)[:1] == b"P" and bus.newest(0x374)[3:4] == b"C"

    # One falls silent: frozen, as a unit with a hung processor.
    packs["right"].process.send_signal(signal.SIGSTOP)
    stopped = time.monotonic()
    until(lambda: state(bench)[1] == "stale", 6, "a stale pack")
    until(lambda: bus.limits(stopped)[-1][1][2] <= 0.9 * 100 + 0.1, 3, "the share to leave")
    assert bus.limits()[-1][1][2] == pytest.approx(90, abs=1)
    until(lambda: state(bench)[1] == "lost", 6, "a lost pack")
    until(lambda: modules(bus.newest(0x372)) == (2, 0, 0, 1), 3, "an offline module")
    # Float of 16 cells guards while it may still be connected.
    cvl = bus.limits()[-1][1][0]
    count = bench.view()["batteries"][0]["reading"]["cell_count"]
    assert cvl <= 3.375 * count + 0.05
    reason = bench.view()["banks"][0]["limits"]["charge_voltage_reason"]
    assert reason == "pack right is lost"
    assert "pack right is lost" in gateway.log

    packs["right"].process.send_signal(signal.SIGCONT)
    until(lambda: state(bench) == ["online"] * 3, 15, "the pack to be back")
    until(lambda: bus.limits()[-1][1][2] > 130, 15, "its share to be back")
    until(lambda: modules(bus.newest(0x372)) == (3, 0, 0, 0), 3, "all modules")

    # All silent: after the stale stage nothing is sent.
    for pack in packs.values():
        pack.process.send_signal(signal.SIGSTOP)
    until(lambda: bench.view()["banks"][0]["freshness"] == "lost", 10, "a lost bank")
    time.sleep(0.3)
    silent = time.monotonic()
    time.sleep(2.5)
    assert not bus.limits(silent)
    for pack in packs.values():
        pack.process.send_signal(signal.SIGCONT)
    until(lambda: bus.limits(silent), 10, "limits again")
    # The last word of a stop for good: not to charge.
    assert gateway.end(signal.SIGINT) == 0
    until(lambda: bus.limits()[-1][1][1] == 0, 2, "a last word")
    answer = bench.run("history", "--list", "--file", "history.db")
    assert "house" in answer.stdout, answer.stdout + answer.stderr


@pytest.mark.slow
def test_reloads_leave_no_gap_in_what_the_bank_tells(bench, packs, bus):
    settings = values()
    gateway = bench.gateway(settings)
    until(lambda: bus.limits(), 8, "limits")
    until(lambda: state(bench) == ["online"] * 3, 5, "all packs")
    for turn in range(12):
        match turn % 4:
            case 0:
                settings["banks"][0]["max_discharge_current_a"] = 120 - turn
            case 1:
                settings["batteries"][0]["charging"]["max_charge_current_a"] = 20 + turn
            case 2:
                settings["inverters"][0]["model"] = f"round {turn}"
            case 3:
                settings["history"]["period_ms"] = 300 + turn
        before = bench.view().get("reload", {}).get("time")
        bench.write(settings)
        gateway.process.send_signal(signal.SIGHUP)
        until(lambda: bench.view().get("reload", {}).get("time") != before, 5, "a reload")
        assert bench.view()["reload"]["taken"]
        time.sleep(0.3)
    told = [at for at, _ in bus.limits()]
    assert max(b - a for a, b in zip(told, told[1:])) < 1.3
    assert bus.limits()[-1][1][2] <= settings["banks"][0]["max_discharge_current_a"]
    assert state(bench) == ["online"] * 3
    assert gateway.end() == 0


def test_check_explains_what_banks_may_not_be(bench):
    settings = values()
    settings["batteries"][1]["charging"] = {
        "chemistry": "lto",
        "absorption_cell_v": 2.5,
        "float_cell_v": 2.4,
    }
    settings["banks"].append({"name": "left", "members": ["left", "cellar"]})
    bench.write(settings)
    answer = bench.run("check", "cellbus.json5")
    assert answer.returncode != 0
    assert '"left" (lfp) together with "right" (lto)' in answer.stdout
    assert "batteries of one chemistry" in answer.stdout
    assert "a name that no battery and no other bank has" in answer.stdout
    assert 'the unknown battery "cellar"' in answer.stdout
    assert "each battery in one bank" in answer.stdout
