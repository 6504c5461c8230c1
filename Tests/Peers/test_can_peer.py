# SPDX-License-Identifier: Apache-2.0
"""python-can, with an adapter of its own on the bus, hears and is heard by the gateway."""

import statistics

import can
import minimalmodbus
import pytest

import victron
from bench import settings, until
from bus import Adapter

CYCLES = 5


@pytest.fixture
def bus(bench):
    """Two adapters on one bus: the gateway's at `can`, and python-can's."""
    with Adapter(bench.path("can")) as ours, Adapter(bench.path("peer")) as theirs:
        ours.peer, theirs.peer = theirs, ours
        with can.Bus(
            interface="slcan", channel=bench.path("peer"), bitrate=500_000, sleep_after_open=0
        ) as bus:
            yield bus


@pytest.fixture
def monitor(bench, bus):
    """The view of a gateway between a charging battery and the bus."""
    bench.simulator("--seed", "12")
    inverter = {"model": "Sixteen cells 16", "family": "Bench"}
    bench.gateway(settings(can="can", inverter=inverter))
    return bench.monitor(every="50ms")


def listen(bus, cycles):
    """The messages from one 0x351 to the one `cycles` cycles later, which is left out."""
    messages = []
    while True:
        message = bus.recv(timeout=3)
        assert message is not None, "the bus is silent"
        # What goes out of turn is another test's matter: here a cycle is told by its second frame.
        if messages or message.arbitration_id == 0x351:
            messages.append(message)
        heads = sum(message.arbitration_id == 0x35E for message in messages)
        if heads == cycles:
            return messages


def test_every_frame_comes_in_order_once_a_cycle(bus, monitor, record_property):
    # The first cycles may lack what the battery has not told yet.
    while bus.recv(timeout=5).arbitration_id != 0x382:
        pass
    messages = listen(bus, CYCLES)
    identifiers = [message.arbitration_id for message in messages]
    assert not victron.OF_THE_GX & set(identifiers)
    assert not any(message.is_extended_id or message.is_error_frame for message in messages)
    assert set(identifiers) == set(victron.CYCLE)
    for identifier in victron.CYCLE:
        # A cycle may be cut at either end, and a falling limit adds 0x351 and 0x35A.
        most = CYCLES + (3 if identifier in (0x351, 0x35A) else 1)
        assert CYCLES - 1 <= identifiers.count(identifier) <= most, f"{identifier:03X}"
    places = [
        victron.CYCLE.index(identifier)
        for identifier in identifiers
        if identifier not in (0x351, 0x35A)
    ]
    for before, after in zip(places, places[1:]):
        assert after == before + 1 or (before, after) == (len(victron.CYCLE) - 1, 2), (
            before,
            after,
        )

    stamps = [message.timestamp for message in messages]
    gaps = [after - before for before, after in zip(stamps, stamps[1:])]
    inside = sorted(gaps)[:-CYCLES]
    limits = [message.timestamp for message in messages if message.arbitration_id == 0x382]
    periods = [after - before for before, after in zip(limits, limits[1:])]
    record_property("median_gap_ms", round(statistics.median(inside) * 1000, 1))
    record_property("longest_gap_ms", round(max(inside) * 1000, 1))
    record_property("median_period_ms", round(statistics.median(periods) * 1000, 1))
    # Medians: a busy machine delays some frames, never most of them.
    assert statistics.median(inside) <= 0.050
    assert 0.9 < statistics.median(periods) < 1.1


def test_the_gateway_hears_what_the_peer_sends(bus, monitor):
    until(lambda: monitor.lines, 5, "a view")
    assert "heard_ms_ago" not in monitor.objects()[-1][1]["inverters"][0]
    bus.send(can.Message(arbitration_id=0x305, data=bytes(8), is_extended_id=False))
    heard = until(
        lambda: monitor.objects()[-1][1]["inverters"][0].get("heard_ms_ago") is not None
        and monitor.objects()[-1][1]["inverters"][0],
        3,
        "the keep-alive in the view",
    )
    assert heard["victron"] is False and 0 <= heard["heard_ms_ago"] < 3000
    bus.send(
        can.Message(
            arbitration_id=0x307, data=bytes.fromhex("1234567856494300"), is_extended_id=False
        )
    )
    until(
        lambda: monitor.objects()[-1][1]["inverters"][0]["victron"],
        3,
        "the GX's own name in the view",
    )
    assert monitor.objects()[-1][1]["inverters"][0]["link"]["frames_in"] == 2


def test_no_limit_is_ever_wider_than_the_battery_allows(bench, bus):
    """From the first frame on, also where the owner allows more than settings 317 and 318 do."""
    bench.simulator("--seed", "12")
    unit = minimalmodbus.Instrument(bench.path("tty"), 170)
    unit.serial.baudrate = 115200
    most_discharge, most_charge = unit.read_registers(317, 2)
    unit.serial.close()
    values = settings(can="can")
    values["batteries"][0]["charging"] |= {
        "max_charge_current_a": 400,
        "max_discharge_current_a": 400,
    }
    bench.gateway(values)
    found = []
    while len(found) < 4:
        message = bus.recv(timeout=5)
        assert message is not None, "the bus is silent"
        if message.arbitration_id == 0x351:
            found.append(victron.limits(bytes(message.data)))
    assert all(
        0 < ccl <= most_charge and 0 < dcl <= most_discharge for _, ccl, dcl, _ in found
    ), found


def test_fields_say_what_the_view_says(bus, monitor):
    decode = {
        0x351: victron.limits,
        0x355: victron.charge,
        0x356: victron.measured,
        0x373: victron.extremes,
    }
    while bus.recv(timeout=5).arbitration_id != 0x382:
        pass
    found = {identifier: [] for identifier in decode}
    while min(map(len, found.values())) < 3:
        message = bus.recv(timeout=3)
        assert message is not None, "the bus is silent"
        if message.arbitration_id in decode:
            found[message.arbitration_id].append(
                decode[message.arbitration_id](bytes(message.data))
            )
    views = [
        view["batteries"][0] for _, view in monitor.objects() if "limits" in view["batteries"][0]
    ]

    def among(value, group, key, below=0.0, above=0.0):
        shown = [view[group][key] for view in views if key in view[group]]
        return min(shown) - below <= value <= max(shown) + above

    for cvl, ccl, dcl, floor in found[0x351]:
        assert among(cvl, "limits", "charge_voltage_limit_v", below=0.1)
        assert among(ccl, "limits", "charge_current_limit_a", below=0.1)
        assert among(dcl, "limits", "discharge_current_limit_a", below=0.1)
        assert among(floor, "limits", "discharge_voltage_limit_v", above=0.1)
        assert cvl > 0 and ccl > 0 and dcl > 0
    for soc, soh, fine in found[0x355]:
        assert among(fine, "reading", "soc_pct", below=0.01) and soc == int(fine)
        assert among(soh, "reading", "soh_pct", below=1)
    for voltage, current, temperature in found[0x356]:
        assert among(voltage, "reading", "voltage_v", 0.05, 0.05)
        assert among(current, "reading", "current_a", 0.3, 0.3)
        assert among(temperature, "reading", "temp_max_c", 0.1, 0.1)
    for low, high, cold, hot in found[0x373]:
        assert among(low, "reading", "cell_min_v", 0.003, 0.003)
        assert among(high, "reading", "cell_max_v", 0.003, 0.003)
        assert among(cold - 273, "reading", "temp_min_c", 0.6, 0.6)
        assert among(hot - 273, "reading", "temp_max_c", 0.6, 0.6)
        assert low <= high and cold <= hot
