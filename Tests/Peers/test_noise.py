# SPDX-License-Identifier: Apache-2.0
"""Bad cables and bad manners: what is shown is true or old, and never wrong."""

import pytest

from bench import settings, until

# Seconds from the start of the simulators.
BEGIN, END = 3, 23
# How a line is bad; and whether readings must come through it all the same.
FAULTS = {
    "dropped-bytes": False,
    "garbled": False,
    "endless": False,
    "wrong-checksum": False,
    "echo": True,
    "broadcast": True,
}
# Sense noise, and what changes between a reading and the true states beside it, a second apart.
MARGINS = {
    "voltage_v": 0.2,
    "current_a": 1.5,
    "soc_pct": 0.05,
    "cell_min_v": 0.01,
    "cell_max_v": 0.01,
}


@pytest.fixture
def passage(bench):
    """One gateway with a battery behind each fault, watched until some time after the faults."""
    simulators = {
        fault: bench.simulator(
            "--seed",
            str(30 + index),
            "--fault",
            f"{fault}@{BEGIN}s-{END}s",
            pty=f"tty-{fault}",
            name=fault,
        )
        for index, fault in enumerate(FAULTS)
    }
    values = settings()
    values["batteries"] = [
        {**values["batteries"][0], "name": fault, "link": {"serial": f"tty-{fault}"}}
        for fault in FAULTS
    ]
    bench.gateway(values)
    monitor = bench.monitor(every="200ms")
    last = simulators["broadcast"]
    until(lambda: last.lines[-1][0] - last.lines[0][0] > END + 3, END + 20, "the end of the faults")
    return simulators, monitor


def true_values(state):
    """What a true state says under the names of MARGINS."""
    return {
        "voltage_v": state["voltage_v"],
        "current_a": state["current_a"],
        "soc_pct": state["soc_pct"],
        "cell_min_v": min(state["cell_voltages_v"]),
        "cell_max_v": max(state["cell_voltages_v"]),
    }


def check(name, value, truths, margin):
    """Whether a value lies among true ones, or no further beside them than the margin."""
    values = [truth[name] for truth in truths]
    return min(values) - margin <= value <= max(values) + margin


@pytest.mark.slow
def test_no_wrong_value_is_ever_shown(passage, record_property):
    simulators, monitor = passage
    # The first line may come before there is anything to show.
    views = [(at, view) for at, view in monitor.objects() if view["batteries"]]
    for index, (fault, comes_through) in enumerate(FAULTS.items()):
        simulator = simulators[fault]
        begin, truth = simulator.lines[0][0], simulator.truth()
        checked = 0
        during = []
        for at, view in views:
            shown = view["batteries"][index]
            assert shown["name"] == fault
            if BEGIN + 1 < at - begin < END - 1:
                during.append(shown)
            if "reading" not in shown or "age_ms" not in shown:
                continue
            read_at = at - shown["age_ms"] / 1000
            near = [true_values(state) for moment, state in truth if abs(moment - read_at) <= 1.3]
            for name, margin in MARGINS.items():
                if name not in shown["reading"] or not near:
                    continue
                value = shown["reading"][name]
                assert check(name, value, near, margin), (fault, name, value, near, shown["age_ms"])
                checked += 1
            assert shown["reading"].get("cell_count", 16) == 16, fault
            assert shown["reading"].get("alarms", []) == [], fault
        assert checked > 200, fault

        # The fault was there, and is over.
        link = views[-1][1]["batteries"][index]["link"]
        assert views[-1][1]["batteries"][index]["freshness"] == "fresh", fault
        got = during[-1]["live_readings"] - during[0]["live_readings"]
        record_property(f"{fault}_readings", got)
        if comes_through:
            assert got > 40, fault
            assert {shown["freshness"] for shown in during} == {"fresh"}, fault
            # An echo is passed over; the text, some 130 bytes five times a second, is read.
            came = during[-1]["link"]["bytes_in"] - during[0]["link"]["bytes_in"]
            assert link["skipped_bytes"] > 100 or came > 170 * got, (fault, came, got)
        else:
            assert got < 40, fault
            assert link["timeouts"] + link["bad_checksums"] > 10, fault


@pytest.mark.slow
def test_a_reader_that_comes_late_sees_only_what_is_true(bench):
    """`cellbus read` on a line that loses bytes says nothing, or what is true."""
    simulator = bench.simulator("--seed", "40", "--fault", "dropped-bytes")
    answer = bench.run("read", "--port", "tty", "--json", "--timeout", "3s")
    assert answer.returncode in (0, 69)
    if answer.returncode == 69:
        assert answer.stdout == "" and "tty" in answer.stderr
    assert simulator.is_running
