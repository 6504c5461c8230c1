# SPDX-License-Identifier: Apache-2.0
"""A restart must not look like a lost battery; a stop for good says so and is silent."""

import signal
import statistics
import time

import pytest

import victron
from bench import settings, until
from bus import Tap, latest

TRIES = 5


@pytest.fixture
def bus(bench):
    """A battery, its GX and a tap on the bus between."""
    simulator = bench.simulator("--seed", "14", can="adapter")
    with Tap(bench.path("can"), bench.path("adapter")) as tap:
        tap.simulator = simulator
        yield tap


def first(tap, identifier, after):
    """The first frame with an identifier after a moment; None while there is none."""
    return next(
        (frame for frame in list(tap.frames) if frame.id == identifier and frame.at > after), None
    )


def start(bench, tap, values=None):
    """Starts the gateway; gives it and the first limits after it opened the adapter."""
    opened = len(tap.opened)
    gateway = bench.gateway(values)
    until(lambda: len(tap.opened) > opened or not gateway.is_running, 5, "the adapter opened")
    return gateway, until(lambda: first(tap, 0x351, tap.opened[opened]), 5, "limits of a new run")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_restart_takes_less_than_two_seconds(bench, bus, number, record_property):
    values = settings(can="can", history={"file": "history.db"})
    gateway, _ = start(bench, bus, values)
    times = []
    for _ in range(TRIES):
        # The new run shall have said all once, so that the next stop finds it at work.
        until(lambda: first(bus, 0x381, bus.opened[-1]), 5, "a whole cycle")
        stop = time.monotonic()
        status = gateway.end(number)
        assert status == (0 if number == signal.SIGTERM else -number)
        gateway, limits = start(bench, bus)
        times.append(limits.at - stop)
        # Fresh limits, and not those of a battery that was lost.
        _, ccl, dcl, _ = victron.limits(limits.data)
        assert ccl > 0 and dcl > 0
        alarms = until(lambda: first(bus, 0x35A, limits.at), 3, "alarms after the limits")
        assert not victron.warns_of_itself(alarms.data)
    record_property("restart_ms", [round(value * 1000) for value in times])
    # The median: a busy machine may delay a start, never most of them.
    assert statistics.median(times) < 2.0, times

    moments = [frame.at for frame in bus.frames if frame.id == 0x351]
    assert max(after - before for before, after in zip(moments, moments[1:])) < 3.0
    states = [state["gx"] for _, state in bus.simulator.truth()]
    assert "Running" in states
    assert not {"BmsLost", "Disabled", "ChargeDisabled", "DischargeDisabled"} & set(states)


def test_a_stop_for_good_says_so_once_and_is_silent(bench, bus):
    gateway, _ = start(bench, bus, settings(can="can"))
    until(lambda: first(bus, 0x381, bus.opened[-1]), 5, "a whole cycle")
    last = victron.limits(latest(bus.frames, 0x351).data)
    count = len(bus.frames)
    assert gateway.end(signal.SIGINT) == 0
    until(
        lambda: bus.simulator.truth()[-1][1]["gx"] == "ChargeDisabled",
        3,
        "a GX that stops charging",
    )
    farewell = bus.frames[count:]
    # What was under way when the signal came may stand before the last word.
    begin = next(
        place
        for place, frame in enumerate(farewell)
        if frame.id == 0x351 and victron.limits(frame.data)[1] == 0
    )
    word = [frame.id for frame in farewell[begin:]]
    assert word[:2] == [0x351, 0x35A] and len(set(word)) == len(word)
    assert not victron.MEASURED & set(word)
    cvl, ccl, dcl, _ = victron.limits(farewell[begin].data)
    assert ccl == 0 and dcl == last[2] and 53.5 < cvl <= 54.4
    assert victron.warns_of_itself(farewell[begin + 1].data)

    told = len(bus.frames)
    until(
        lambda: bus.simulator.truth()[-1][1]["gx"] == "BmsLost", 8, "a GX that misses its battery"
    )
    assert len(bus.frames) == told


def test_a_stop_as_for_a_restart_says_nothing(bench, bus):
    gateway, _ = start(bench, bus, settings(can="can"))
    until(lambda: first(bus, 0x381, bus.opened[-1]), 5, "a whole cycle")
    assert gateway.end(signal.SIGTERM) == 0
    assert all(victron.limits(frame.data)[1] > 0 for frame in bus.frames if frame.id == 0x351)
    assert not any(victron.warns_of_itself(frame.data) for frame in bus.frames if frame.id == 0x35A)
