# SPDX-License-Identifier: Apache-2.0
"""The mapping of an inverter in the settings, as the bus and `can mapping` show it."""

import json

import pytest

import victron
from bench import settings, until

MAPPING = {
    "0x351": {"charge_current_limit": {"scale": 0.5}},
    "0x355": {"soc_fine": {"omit": True}},
    "0x356": {"current": {"scale": -1}, "temperature": {"source": "temp_min_c"}},
    "0x35E": {"manufacturer": {"source": "ME"}},
    "0x35F": {"period_ms": 3000},
    "0x378": {"omit": True},
}


def frames(bench, name):
    """The frames of a candump log in order, as pairs of identifier and data."""
    path = bench.folder / name
    if not path.exists():
        return []
    texts = [line.split()[2] for line in path.read_text().splitlines() if line.count(" ") == 2]
    return [(int(text[:3], 16), bytes.fromhex(text[4:])) for text in texts]


def two_inverters(mapping):
    """Settings with one plain inverter and one whose mapping is changed, for the same battery."""
    values = settings(can="can", history={"file": None}, battery={"poll_ms": 100})
    plain = dict(values["inverters"][0], name="plain", link={"file": "plain.log"})
    changed = dict(plain, name="changed", link={"file": "changed.log"}, mapping=mapping)
    values["inverters"] = [plain, changed]
    return values


def test_the_bus_is_told_what_the_mapping_says(bench):
    bench.simulator("--seed", "31")
    bench.gateway(two_inverters(MAPPING))
    until(
        lambda: sum(id == 0x382 for id, _ in frames(bench, "changed.log")) >= 6, 20, "six cycles"
    )
    plain, changed = frames(bench, "plain.log"), frames(bench, "changed.log")
    assert 0x378 in dict(plain) and 0x378 not in dict(changed)
    assert set(dict(plain)) - set(dict(changed)) == {0x378}
    assert dict(changed)[0x35E] == b"ME\0\0\0\0\0\0" != dict(plain)[0x35E]

    ours, theirs = dict(changed), dict(plain)
    volts, amperes, celsius = victron.measured(ours[0x356])
    usual = victron.measured(theirs[0x356])
    # Not of the same moment: near, and of the other sign.
    assert abs(volts - usual[0]) < 0.5 and abs(amperes + usual[1]) < 2 and amperes * usual[1] < 0
    coldest = victron.extremes(theirs[0x373])[2] - 273
    assert abs(celsius - coldest) <= 0.6

    assert len(ours[0x355]) == 4 and len(theirs[0x355]) == 8
    assert abs(ours[0x355][0] - theirs[0x355][0]) <= 1
    narrow, wide = victron.limits(ours[0x351]), victron.limits(theirs[0x351])
    assert narrow[0] == wide[0] and narrow[2:] == wide[2:]
    assert 0 < narrow[1] <= wide[1] / 2 + 0.1

    counts = {id: sum(other == id for other, _ in changed) for id in (0x35F, 0x382)}
    assert counts[0x35F] <= counts[0x382] / 3 + 1


def test_what_is_in_force_is_printed(bench):
    (bench.folder / "cellbus.json5").write_text(json.dumps(two_inverters(MAPPING)))
    answer = bench.run("can", "mapping", "--config", "cellbus.json5", "--inverter", "changed")
    assert answer.returncode == 0, answer.stderr
    lines = {tuple(line.split()[:3:2]): line for line in answer.stdout.splitlines()}
    assert lines["0x351", "charge_current_limit"].endswith("times 0.5")
    assert lines["0x356", "temperature"].endswith("was temp_max_c")
    assert lines["0x355", "soc_fine"].endswith("not told")
    assert lines["0x378", "energy_charged"].endswith("the frame is not sent")
    assert lines["0x35F", "capacity"].endswith("every 3000 ms")

    answer = bench.run(
        "can", "mapping", "--config", "cellbus.json5", "--inverter", "changed", "--json"
    )
    mapping = json.loads(answer.stdout)
    assert (mapping["profile"], mapping["inverter"]) == ("victron", "changed")
    marked = {frame["id"] for frame in mapping["frames"] if frame.get("changed")}
    assert marked == set(MAPPING)
    fields = {
        (frame["id"], field["name"]): field
        for frame in mapping["frames"]
        for field in frame["fields"]
        if field.get("changed")
    }
    assert fields["0x351", "charge_current_limit"]["scale"] == 0.5
    assert fields["0x356", "temperature"]["default_source"] == "temp_max_c"
    assert fields["0x355", "soc_fine"]["omitted"] is True
    assert fields["0x35E", "manufacturer"]["source"] == '"ME"'

    for arguments, status, says in (
        (["--config", "cellbus.json5"], 64, "plain, changed"),
        (["--config", "cellbus.json5", "--inverter", "chnged"], 1, "did you mean changed?"),
        (["--config", "absent.json5"], 66, "absent.json5"),
        (["--inverter", "changed"], 64, "--config"),
        (["--config", "cellbus.json5", "--profile", "sma"], 64, "--profile"),
    ):
        answer = bench.run("can", "mapping", *arguments)
        assert answer.returncode == status and says in answer.stderr, answer.stderr


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"0x351": {"omit": True}}, "without them a GX stops"),
        ({"0x351": {"charge_current_limit": {"scale": 1.5}}}, "a limit may only be narrowed"),
        ({"0x351": {"charge_voltage_limit": {"source": "voltage_v"}}}, "as they were decided"),
        ({"0x35A": {"alarms": {"omit": True}}}, "alarms and protections"),
        ({"0x356": {"voltage": {"source": "53.1"}}}, "a made-up number is never sent"),
    ],
)
def test_what_is_refused_never_reaches_the_bus(bench, mapping, says):
    bench.simulator("--seed", "32")
    (bench.folder / "cellbus.json5").write_text(json.dumps(two_inverters(mapping)))
    report = json.loads(bench.run("check", "cellbus.json5", "--json").stdout)
    (problem,) = report["problems"]
    assert says in problem["expected"] and problem["line"] == 1 and problem["column"] > 100
    assert problem["path"].startswith("inverters[1].mapping.0x")
    gateway = bench.run("gateway", "--config", "cellbus.json5")
    assert gateway.returncode == 65 and says in gateway.stderr
    assert frames(bench, "changed.log") == []
