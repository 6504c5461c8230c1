# SPDX-License-Identifier: Apache-2.0
"""A battery falls silent, on the bus and at the inverter: fresh, aging, stale, lost, and back."""

import pytest

import victron
from bench import settings, until
from bus import Tap

STAGES = ["fresh", "aging", "stale", "lost"]
# Shortened, ms; the cycle too, so that each stage shows several.
FRESH, AGING, STALE, PERIOD = 1000, 3000, 8000, 250
SILENCE = (6, 19)
# A stage is looked at without its first and last moments, which may belong to its neighbours, s.
EDGE = 0.3


@pytest.fixture
def passage(bench):
    """A gateway and a GX on a bus, watched through a silence of the battery to its end."""
    # The battery's time runs faster, so that its charger has started before the silence.
    simulator = bench.simulator(
        "--seed",
        "13",
        "--speed",
        "3",
        "--fault",
        f"silent@{SILENCE[0]}s-{SILENCE[1]}s",
        can="adapter",
    )
    with Tap(bench.path("can"), bench.path("adapter")) as tap:
        # After a silence the current rises from 0, by default only after half a minute.
        charging = {
            "chemistry": "lfp",
            "max_charge_current_a": 60,
            "max_discharge_current_a": 100,
            "current_hold_s": 1,
            "current_ramp_a": 20,
        }
        battery = {
            "poll_ms": 100,
            "fresh_ms": FRESH,
            "aging_ms": AGING,
            "stale_ms": STALE,
            "charging": charging,
        }
        inverter = {"period_ms": PERIOD, "gap_ms": 5, "model": "Bench", "family": "Bench"}
        gateway = bench.gateway(settings(can="can", battery=battery, inverter=inverter))
        monitor = bench.monitor(every="50ms")
        until(
            lambda: simulator.lines[-1][0] - simulator.lines[0][0] > SILENCE[1] + 5, 40, "the end"
        )
        yield simulator, gateway, monitor, tap
        assert gateway.end() == 0


def spans(monitor):
    """When each stage held: a list of (stage, first moment, last moment)."""
    spans = []
    for at, view in monitor.objects():
        stage = view["batteries"][0]["freshness"]
        if spans and spans[-1][0] == stage:
            spans[-1] = (stage, spans[-1][1], at)
        else:
            spans.append((stage, at, at))
    return [span for span in spans if span[2] > span[1]]


def during(items, span):
    """What of a list of (moment, ...) falls well within a span."""
    return [item for item in items if span[1] + EDGE < item[0] < span[2] - EDGE]


@pytest.mark.slow
def test_a_silence_passes_through_every_stage(passage):
    simulator, gateway, monitor, tap = passage
    seen = spans(monitor)
    if seen[0][0] == "lost":
        seen = seen[1:]
    assert [span[0] for span in seen] == [*STAGES, "fresh"]
    fresh, aging, stale, lost, again = seen
    assert stale[2] - stale[1] == pytest.approx((STALE - AGING) / 1000, abs=1)

    def frames(span):
        return during(list(tap.frames), span)

    def limits(span):
        found = [victron.limits(frame.data) for frame in frames(span) if frame.id == 0x351]
        assert len(found) >= 3, span
        return found

    # Fresh: limits as decided, everything sent, no warning of itself.
    before = limits(fresh)[-1]
    assert min(before) > 0
    assert {frame.id for frame in frames(fresh)} >= set(victron.CYCLE)
    assert not any(
        victron.warns_of_itself(frame.data) for frame in frames(fresh) if frame.id == 0x35A
    )

    # Aging: limits may fall, not rise; measured frames still go out.
    last = before
    for now in limits(aging):
        assert all(new <= old for new, old in zip(now[:3], last[:3])), (last, now)
        last = now
    assert victron.MEASURED & {frame.id for frame in frames(aging)} >= {0x355, 0x356, 0x373}

    # Stale: charging stops at float voltage, discharging is held, measured values are withheld.
    for cvl, ccl, dcl, _ in limits(stale):
        assert ccl == 0 and dcl == last[2]
        # Float of an LFP pack of 16 cells: 3.375 V to 3.40 V a cell.
        assert 53.5 < cvl <= 54.4 and cvl < before[0]
    assert not victron.MEASURED & {frame.id for frame in frames(stale)}
    warnings = [victron.warns_of_itself(frame.data) for frame in frames(stale) if frame.id == 0x35A]
    assert len(warnings) >= 3 and all(warnings)
    assert {0x35E, 0x35F} <= {frame.id for frame in frames(stale)}

    # Lost: silence.
    assert frames(lost) == []

    # Back: everything returns, and the warning goes.
    assert min(limits(again)[-1]) > 0
    assert {frame.id for frame in frames(again)} >= set(victron.CYCLE)
    assert not any(
        victron.warns_of_itself(frame.data) for frame in frames(again) if frame.id == 0x35A
    )
    assert not victron.OF_THE_GX & {frame.id for frame in tap.frames}
    for text in (
        "readings are late",
        "readings are stale",
        "the battery is lost",
        "readings are fresh",
    ):
        assert text in gateway.log

    check_inverter(simulator, seen)


def check_inverter(simulator, seen):
    """The GX stops charging a stale battery, gives up a lost one, and takes it back."""
    fresh, _, stale, lost, again = seen
    truth = simulator.truth()
    # A GX passes limits on every 3 s, and notices a lost battery after 3 s.
    late = 3.5
    assert {state["gx"] for at, state in during(truth, fresh) if at > fresh[1] + 1.5} == {"Running"}
    assert max(state["charger_current_a"] for _, state in during(truth, fresh)) > 1
    stopped = [state for at, state in during(truth, stale)]
    assert {state["gx"] for state in stopped} == {"ChargeDisabled"}
    idle = [
        state["charger_current_a"] for at, state in during(truth, stale) if at > stale[1] + late
    ]
    assert idle and max(idle) < 0.1, idle
    given_up = [state for at, state in during(truth, lost) if at > lost[1] + late]
    assert given_up and {state["gx"] for state in given_up} == {"BmsLost"}
    assert max(state["charger_current_a"] for state in given_up) < 0.1
    # Its loads are off, too: nothing may be discharged from a battery that nobody watches.
    assert max(state["load_current_a"] for state in given_up) < 0.1
    assert truth[-1][1]["gx"] == "Running"
    assert any(state["charger_current_a"] > 0.5 for at, state in truth if at > again[1])
