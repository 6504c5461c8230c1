# SPDX-License-Identifier: Apache-2.0
"""The other commands: what they print, and how they end."""

import csv
import io
import json

import pytest

import victron
from bench import settings, until

COMMANDS = [
    [],
    ["gateway"],
    ["check"],
    ["monitor"],
    ["read"],
    ["detect"],
    ["history"],
    ["can"],
    ["can", "dump"],
    ["can", "decode"],
    ["decode"],
    ["encode"],
    ["dialects"],
    ["can", "mapping"],
    ["reference"],
    ["simulate"],
    ["simulate", "tinybms"],
    ["simulate", "daly-can-hkms"],
    ["simulate", "jbd-ffaa"],
    ["simulate", "bank"],
    ["simulate", "history"],
    ["demo"],
]
READING = {
    "voltage_v": 53.12,
    "current_a": -2.4,
    "soc_pct": 50.25,
    "soh_pct": 99,
    "cell_min_v": 3.31,
    "cell_max_v": 3.33,
    "temp_min_c": 20,
    "temp_max_c": 22,
    "temperatures_c": [20, 22],
    "charge_voltage_limit_v": 55.29,
    "charge_current_limit_a": 27.09,
    "discharge_current_limit_a": 30.0,
    "discharge_voltage_limit_v": 46.4,
    "alarms": ["cell_overvoltage"],
    "warnings": [],
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "cellbus")
def test_help_is_there(bench, command):
    answer = bench.run(*command, "--help")
    assert answer.returncode == 0 and answer.stderr == ""
    assert " ".join(["cellbus", *command]) in answer.stdout and "Usage:" in answer.stdout
    assert all(len(line) <= 80 for line in answer.stdout.splitlines())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "cellbus")
def test_an_unknown_option_is_refused(bench, command):
    answer = bench.run(*command, "--no-such-option")
    assert answer.returncode == 64 and answer.stdout == ""
    assert "--no-such-option" in answer.stderr and "--help" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["bogus"], 64, "bogus"),
        (["read"], 64, "--port"),
        (["read", "--port", "absent"], 69, "absent"),
        (["simulate", "tinybms", "--pty", "tty", "--fault", "silnt"], 64, "silent"),
        (["simulate", "tinybms", "--pty", "tty", "--speed", "0"], 64, "--speed"),
        (["simulate", "tinybms", "--pty", "no/such/place"], 73, "no/such/place"),
        (["gateway", "--config", "absent.json5"], 66, "absent.json5"),
        (["monitor", "--socket", "absent.sock", "--once"], 69, "absent.sock"),
        (["history", "--file", "absent.db"], 66, "absent.db"),
        (["history", "--file", "absent.db", "--point", "voltag_v"], 64, "voltage_v"),
        (["can", "dump"], 64, "--interface"),
        (["can", "dump", "--slcan", "absent"], 69, "absent"),
        (["can", "decode", "absent.log"], 66, "absent.log"),
        (["decode", "absent.jsonl"], 66, "absent.jsonl"),
        (["dialects", "tinybmx"], 1, "tinybms"),
        (["check", "absent.json5"], 66, "absent.json5"),
    ],
)
def test_what_cannot_be_done_is_said(bench, arguments, status, says):
    answer = bench.run(*arguments)
    assert answer.returncode == status, answer.stderr
    assert says in answer.stderr


def test_dialects_are_listed(bench):
    names = [dialect["name"] for dialect in json.loads(bench.run("dialects", "--json").stdout)]
    assert "tinybms" in names
    registers = json.loads(bench.run("dialects", "tinybms", "--json").stdout)
    cutoff = next(row for row in registers if row["address"] == 315)
    assert (cutoff["unit"], cutoff["decimals"], cutoff["writable"]) == ("V", 3, True)
    # Highest currents ever, which are no limits.
    assert not next(row for row in registers if row["address"] == 102)["writable"]
    for command in (["dialects"], ["dialects", "tinybms"]):
        answer = bench.run(*command)
        assert answer.returncode == 0 and (" 315 " in answer.stdout) == (len(command) > 1)


def frames(text):
    """The lines `ID#DATA` as a dictionary."""
    return {int(line[:3], 16): bytes.fromhex(line[4:]) for line in text.split()}


def test_a_reading_becomes_frames_and_a_reading_again(bench):
    answer = bench.run("encode", "--profile", "victron", text=json.dumps(READING))
    assert answer.returncode == 0, answer.stderr
    sent = frames(answer.stdout)
    # Rounded to the narrower side.
    assert victron.limits(sent[0x351]) == (55.2, 27.0, 30.0, 46.4)
    assert victron.charge(sent[0x355]) == (50, 99, 50.25)
    assert victron.measured(sent[0x356]) == (53.12, -2.4, 22.0)
    assert victron.extremes(sent[0x373]) == (3.31, 3.33, 293, 295)
    # High voltage: bits 2 and 3 of byte 0; 1 is active.
    assert sent[0x35A][0] >> 2 & 3 == 1
    assert not victron.OF_THE_GX & set(sent)

    said = bench.run("can", "decode", "--json", text=answer.stdout)
    assert said.returncode == 0, said.stderr
    reading = {}
    for line in said.stdout.splitlines():
        reading |= json.loads(line).get("reading", {})
    for name, value in {
        "voltage_v": 53.12,
        "current_a": -2.4,
        "cell_min_v": 3.31,
        "soh_pct": 99,
    }.items():
        assert reading[name] == value
    assert reading["alarms"] == ["pack_overvoltage"]


def test_what_a_reading_does_not_say_is_not_sent(bench):
    sent = frames(bench.run("encode", text='{"voltage_v": 53.12}').stdout)
    assert sent[0x356] == (5312).to_bytes(2, "little")
    assert not {0x351, 0x355, 0x373, 0x378, 0x35F, 0x379, 0x380} & set(sent)


def test_a_stale_reading_withholds_what_was_measured(bench):
    sent = frames(bench.run("encode", "--freshness", "stale", text=json.dumps(READING)).stdout)
    assert not victron.MEASURED & set(sent) and 0x35A in sent
    assert victron.warns_of_itself(sent[0x35A])
    lost = bench.run("encode", "--freshness", "lost", text=json.dumps(READING))
    assert lost.stdout == "" and lost.returncode == 1


@pytest.mark.parametrize("text", ["[", '{"voltage_v": "high"}', '{"alarms": ["no_such_alarm"]}'])
def test_a_bad_reading_is_refused(bench, text):
    answer = bench.run("encode", text=text)
    assert answer.returncode == 65 and answer.stdout == "" and "line " in answer.stderr


def test_a_log_of_a_bus_is_explained(bench):
    log = "(1795226981.287933) can0 351#28020E010E01D001\n351#28020E010E01D001\nno frame\n"
    answer = bench.run("can", "decode", text=log)
    assert answer.returncode == 0 and "1 line is no CAN frame" in answer.stderr
    assert answer.stdout.count("charge_voltage_limit_v 55.2") == 2
    assert bench.run("can", "decode", text="no frame\n").returncode == 1


@pytest.fixture
def running(bench):
    """A gateway that keeps history and writes a CAN log to a file, some seconds after its start."""
    simulator = bench.simulator("--seed", "21")
    values = settings(
        can="can", history={"file": "history.db", "period_ms": 100}, battery={"poll_ms": 100}
    )
    values["inverters"][0]["link"] = {"file": "can.log"}
    gateway = bench.gateway(values)
    bench.monitor()
    until(lambda: bench.view().get("history", {}).get("stored", 0) > 15, 10, "stored readings")
    return simulator, gateway


def test_history_and_views_of_a_running_gateway(bench, running):
    summary = json.loads(bench.run("history", "--json").stdout)
    assert summary["readings"] > 15 and summary["battery"] == "pack" and summary["bytes"] > 0
    assert any("started" in event["text"] for event in summary["events"])
    assert "readings" in bench.run("history").stdout

    answer = bench.run("history", "--point", "voltage_v", "--point", "soc_pct", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert {row["point"] for row in rows} == {"voltage_v", "soc_pct"}
    volts = [row for row in rows if row["point"] == "voltage_v"]
    assert len(volts) > 15 and [row["time"] for row in volts] == sorted(
        row["time"] for row in volts
    )
    assert all(
        50 < float(row["min"]) <= float(row["mean"]) <= float(row["max"]) < 60 for row in volts
    )

    points = json.loads(bench.run("history", "--point", "voltage_v", "--json").stdout)
    assert points[0]["point"] == "voltage_v" and len(points[0]["rows"]) >= len(volts)
    chart = bench.run("history", "--point", "voltage_v", "--last", "1m")
    assert chart.returncode == 0 and " V " in chart.stdout and len(chart.stdout.splitlines()) > 8
    nothing = bench.run("history", "--point", "voltage_v", "--to", "2001-01-01T00:00:00Z", "--json")
    assert nothing.returncode == 1 and json.loads(nothing.stdout)[0]["rows"] == []
    assert bench.run("history", "--battery", "other").returncode == 1

    view = bench.view()
    cells = view["batteries"][0]["reading"]["cell_voltages_v"]
    text = bench.run("monitor", "--once").stdout
    assert "BULK" in text and "pack" in text and text.count(" V ") >= len(cells) == 16
    assert "\x1b" not in text, "no colours where no terminal is"
    lines = [
        json.loads(line)
        for line in bench.run("monitor", "--json", "--for", "1s").stdout.splitlines()
    ]
    assert len(lines) >= 3 and lines[-1]["uptime_ms"] > lines[0]["uptime_ms"]

    log = until(
        lambda: (bench.folder / "can.log").exists() and (bench.folder / "can.log").read_text(),
        5,
        "a log",
    )
    assert bench.run("can", "decode", text=log).returncode == 0


def test_a_young_history_says_from_when_it_is(bench, running):
    """Also within its first minute, before anything is packed."""
    summary = json.loads(bench.run("history", "--json").stdout)
    assert summary.get("from") and summary.get("to") and summary["from"] < summary["to"], summary


def test_one_reading_at_a_time_or_many(bench):
    simulator = bench.simulator("--seed", "22")
    until(lambda: len(simulator.lines) > 1, 3, "a second")
    reading = json.loads(bench.run("read", "--port", "tty", "--json").stdout)
    assert reading["dialect"] == "tinybms" and reading["age_ms"] >= 0
    assert reading["reading"]["cell_count"] == 16 and reading["reading"]["firmware"] == "2.3.254"
    assert "Voltage" in bench.run("read", "--port", "tty").stdout
    many = bench.run(
        "read", "--port", "tty", "--json", "--watch", "--for", "2s"
    ).stdout.splitlines()
    # Four a second.
    assert 4 <= len(many) <= 10
    assert all("voltage_v" in json.loads(line)["reading"] for line in many)
