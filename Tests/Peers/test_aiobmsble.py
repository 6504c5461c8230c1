# SPDX-License-Identifier: Apache-2.0
"""Every fixture that aiobmsble can read too, held against what it makes of the same bytes."""

import json
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FIXTURES = REPOSITORY / "Tests" / "DialectsTests" / "Fixtures"
PYTHON = REPOSITORY / ".venv-aiobmsble" / "bin" / "python"
#: What the two say differently of one line, and why; an entry that no longer differs is a failure.
DIFFERENCES = json.loads((Path(__file__).parent / "aiobmsble-differences.json").read_text("utf-8"))

#: How many lines of each dialect are compared at least, so that none is lost unseen.
AT_LEAST = {"jbd": 26, "jk-ble": 20, "daly-d2": 8, "daly-81": 1}


def jbd(lines):
    """Basic information and cells, each beside an empty other half where a line has but one."""
    for line in lines:
        register = (line["request_hex"] or "")[4:6]
        if register not in ("03", "04"):
            continue
        answers = {register: line["response_hex"]}
        answer = bytes.fromhex("".join(line["response_hex"]))
        if register == "03":
            empty = bytes(64)
            answers["04"] = [frame(4, empty)]
            ours = CAPTURED | {"cell_count"}
        else:
            # How many cells there are stands in the other half.
            data = bytearray(23)
            data[21] = answer[3] // 2 if len(answer) > 3 else 0
            answers["03"] = [frame(3, bytes(data))]
            ours = {"cell_voltages_v"}
        yield {"id": line["id"], "module": "jbd", "answers": answers}, ours


CAPTURED = {
    "voltage_v", "current_a", "remaining_ah", "nominal_ah", "cycles", "soc_pct",
    "charge_enabled", "discharge_enabled", "protection_bits", "balancing_cells", "temperatures_c",
}  # fmt: skip


def frame(register, data):
    """An answer of a JBD (made here, for the half that a line does not have)."""
    body = bytes([0, len(data)]) + data
    return (bytes([0xDD, register]) + body + (-sum(body) & 0xFFFF).to_bytes(2, "big") + b"\x77").hex()


def jk(lines):
    """Cell information of 24S and 32S boards; the older JK04 it does not read."""
    for line in lines:
        if "cell info frame" not in line["kind"] or "JK04" in line["kind"]:
            continue
        software = 10 if "24S" in line["kind"] else 11
        case = {"id": line["id"], "module": "jikong", "software": software}
        yield case | {"answers": {"02": line["response_hex"]}}, {
            "voltage_v", "current_a", "soc_pct", "remaining_ah", "full_ah", "cycles",
            "cell_voltages_v", "charge_enabled", "discharge_enabled",
        }  # fmt: skip


def daly_d2(lines):
    """Whole status blocks."""
    for line in lines:
        if line["request_hex"] == "d2030000003ed7b9" and line["response_hex"]:
            case = {"id": line["id"], "module": "daly", "unit": "d2"}
            yield case | {"answers": {"d2030000003e": line["response_hex"]}}, DALY | {"cell_delta_v"}


def daly_81(lines):
    """Both halves of one status; the second stands beside the first of its number."""
    halves = {line["id"]: line for line in lines if "-0041-" in line["id"]}
    for line in lines:
        other = halves.get(line["id"].replace("-0000-", "-0041-"))
        if "-0000-" in line["id"] and other:
            case = {"id": line["id"], "module": "daly", "unit": "81"}
            answers = {"810300000040": line["response_hex"], "81030041003e": other["response_hex"]}
            yield case | {"answers": answers}, DALY - {"remaining_ah", "cycles"}


DALY = {"voltage_v", "current_a", "soc_pct", "remaining_ah", "cycles", "cell_voltages_v", "temperatures_c"}

#: Our name of a value, from its sample.
NAMES = {
    "voltage_v": lambda s: s.get("voltage"),
    "current_a": lambda s: s.get("current"),
    "remaining_ah": lambda s: s.get("cycle_charge"),
    "nominal_ah": lambda s: s.get("design_capacity"),
    "full_ah": lambda s: s.get("design_capacity"),  # of a JK, which has one capacity alone
    "cycles": lambda s: s.get("cycles"),
    "soc_pct": lambda s: s.get("battery_level"),
    "cell_count": lambda s: s.get("cell_count"),
    "cell_delta_v": lambda s: s.get("delta_voltage"),
    "charge_enabled": lambda s: s.get("chrg_mosfet"),
    "discharge_enabled": lambda s: s.get("dischrg_mosfet"),
    "protection_bits": lambda s: s.get("problem_code"),
    "balancing_cells": lambda s: [n for n in range(32) if s.get("balancer", 0) >> n & 1],
    "temperatures_c": lambda s: s.get("temp_values"),
    "cell_voltages_v": lambda s: s.get("cell_voltages"),
}


def same(name, ours, theirs):
    """Whether both say the same; it tells whole ampere-hours of a design only."""
    if isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            return False
        return all(same("", a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(theirs, bool) or ours is None or theirs is None:
        return ours == theirs
    if name in ("nominal_ah", "full_ah"):
        return int(ours) == theirs
    return abs(ours - theirs) < 1e-6


def lines(dialect):
    """The lines of a dialect's fixtures."""
    with open(FIXTURES / f"{dialect}.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


@pytest.fixture
def decode():
    """aiobmsble's account of some cases, by their ids."""
    if not PYTHON.exists():
        pytest.skip("NO DECODER WAS HELD AGAINST aiobmsble: there is no Python 3.12 or later; see make setup")

    def run(cases):
        told = subprocess.run(
            [PYTHON, Path(__file__).with_name("aiobmsble_decoder.py")],
            input="\n".join(map(json.dumps, cases)),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return {answer["id"]: answer for answer in map(json.loads, told.stdout.splitlines())}

    return run


@pytest.mark.parametrize(
    ("dialect", "choose"),
    [("jbd", jbd), ("jk-ble", jk), ("daly-d2", daly_d2), ("daly-81", daly_81)],
)
def test_both_say_the_same_of_every_line(bench, decode, dialect, choose):
    chosen = list(choose(lines(dialect)))
    assert len(chosen) >= AT_LEAST[dialect]
    theirs = decode([case for case, _ in chosen])
    told = bench.run("decode", str(FIXTURES / f"{dialect}.jsonl"), seconds=60)
    ours = {answer["id"]: answer for answer in map(json.loads, told.stdout.splitlines())}
    found = {}
    values = 0
    for case, names in chosen:
        mine, peer = ours[case["id"]], theirs[case["id"]]
        if "error" in peer or "error" in mine:
            if ("error" in peer) != ("error" in mine):
                found[case["id"]] = {"error"}
            continue
        for name in names:
            values += 1
            if not same(name, mine["reading"].get(name), NAMES[name](peer["sample"])):
                found.setdefault(case["id"], set()).add(name)
                print(case["id"], name, mine["reading"].get(name), NAMES[name](peer["sample"]))
    print(f"{dialect}: {len(chosen)} lines, {values} values")
    known = {
        identity: set(entry["values"])
        for entry in DIFFERENCES
        if entry["dialect"] == dialect
        for identity in entry["lines"]
    }
    assert found == known
