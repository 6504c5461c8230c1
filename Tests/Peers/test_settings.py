# SPDX-License-Identifier: Apache-2.0
"""A technician's way through the settings of a simulated TinyBMS; an independent Modbus master looks on."""

import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import minimalmodbus
import pytest

from bench import until

SLAVE = 170


@pytest.fixture
def simulator(bench):
    return bench.simulator()


def words(bench, address, count=1):
    """Registers as minimalmodbus reads them."""
    unit = minimalmodbus.Instrument(bench.path("tty"), SLAVE)
    unit.serial.baudrate = 115200
    unit.serial.timeout = 0.4
    try:
        for _ in range(5):
            try:
                return unit.read_registers(address, count)
            except (minimalmodbus.ModbusException, OSError):
                continue
        raise AssertionError("the unit does not answer")
    finally:
        unit.serial.close()


def settings(bench, *arguments, text=None):
    return bench.run("settings", "tinybms", *arguments, text=text, seconds=60)


def on_port(bench, *arguments, text=None):
    return settings(bench, *arguments, "--port", "tty", text=text)


def as_json(answer):
    assert answer.stdout, answer.stderr
    return json.loads(answer.stdout)


def backups(bench):
    return sorted(Path(bench.folder).glob("cellbus-backup-*.json"))


def test_list_tells_what_the_unit_holds_and_its_own_limits(bench, simulator):
    told = as_json(on_port(bench, "list", "--json"))
    rows = {row["name"]: row for row in told["settings"]}
    held = words(bench, 300, 44)
    assert rows["fully_charged_v"]["value"] == held[0] / 1000
    assert rows["cell_count"]["raw"] == held[7] == 16
    assert rows["discharge_overcurrent_a"]["highest"] == 150
    assert rows["discharge_overcurrent_a"]["limits_from"] == "unit"
    assert rows["set_soc_pct"]["value"] is None
    assert len(told["serial"]) == 24


def test_get_prints_one(bench, simulator):
    answer = on_port(bench, "get", "cell_count")
    assert answer.returncode == 0
    assert "cell_count" in answer.stdout and "16" in answer.stdout


def test_set_writes_and_an_independent_master_reads_it(bench, simulator):
    answer = on_port(bench, "set", "fully_charged_v=3500 mV", "--json")
    assert answer.returncode == 0, answer.stderr
    told = as_json(answer)
    assert told["applied"] and len(told["written"]) == 1
    assert words(bench, 300) == [3500]
    backup = json.loads(Path(bench.path(told["backup"])).read_text(encoding="utf-8"))
    assert backup["serial"] == told["serial"]
    row = next(row for row in backup["registers"] if row["name"] == "fully_charged_v")
    assert row["raw"] != 3500


def test_a_broken_rule_is_refused_before_anything_is_sent(bench, simulator):
    before = words(bench, 300, 44)
    answer = on_port(bench, "set", "cell_overvoltage_cutoff_v=2.0", "--yes", "--json")
    assert answer.returncode == 1
    told = as_json(answer)
    assert not told["allowed"]
    assert [refusal["kind"] for refusal in told["refusals"]] == ["rule"]
    assert words(bench, 300, 44) == before
    assert backups(bench) == []


def test_what_can_do_harm_is_asked_for_by_name(bench, simulator):
    before = words(bench, 317)
    answer = on_port(bench, "set", "discharge_overcurrent_a=60 A", text="yes\n")
    assert answer.returncode == 1
    assert "120 A → 60 A" in answer.stderr
    assert words(bench, 317) == before
    assert backups(bench) == []
    answer = on_port(bench, "set", "discharge_overcurrent_a=60 A", text="discharge_overcurrent_a\n")
    assert answer.returncode == 0, answer.stderr
    assert words(bench, 317) == [60]
    answer = on_port(bench, "set", "discharge_overcurrent_a=70 A", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert words(bench, 317) == [70]
    assert len(backups(bench)) == 2


@pytest.mark.parametrize(
    "word",
    ["fully_charged=3.5", "fully_charged_v", "fully_charged_v=3.5 A", "fully_charged_v=3.50001"],
)
def test_a_wrong_word_is_a_wrong_command_line(bench, word):
    assert on_port(bench, "set", word).returncode == 64


def test_backup_change_diff_plan_restore(bench, simulator):
    before = words(bench, 300, 44)
    assert on_port(bench, "backup", "pack.json").returncode == 0
    assert on_port(bench, "backup", "pack.json").returncode == 73
    assert on_port(bench, "diff", "pack.json").returncode == 0

    change = ["fully_charged_v=3.7", "cell_overvoltage_cutoff_v=3.8", "fully_discharged_v=3.0"]
    assert on_port(bench, "set", *change, "--yes").returncode == 0
    assert words(bench, 300, 2) == [3700, 3000]
    assert on_port(bench, "backup", "changed.json").returncode == 0

    names = {"fully_charged_v", "cell_overvoltage_cutoff_v", "fully_discharged_v"}
    for answer in (
        on_port(bench, "diff", "pack.json", "--json"),
        settings(bench, "diff", "pack.json", "changed.json", "--json"),
    ):
        assert answer.returncode == 1
        assert {row["name"] for row in as_json(answer)["differences"]} == names

    plan = as_json(on_port(bench, "plan", "pack.json", "--json"))
    assert plan["allowed"] and {row["name"] for row in plan["changes"]} == names
    assert words(bench, 300, 2) == [3700, 3000]

    assert on_port(bench, "restore", "pack.json", text="").returncode == 1
    assert words(bench, 300, 2) == [3700, 3000]
    assert on_port(bench, "restore", "pack.json", "--yes").returncode == 0
    assert words(bench, 300, 44) == before


def test_a_backup_of_another_unit_is_refused(bench, simulator):
    assert on_port(bench, "backup", "pack.json").returncode == 0
    other = json.loads(Path(bench.path("pack.json")).read_text(encoding="utf-8"))
    other["serial"] = "0" * 24
    row = next(row for row in other["registers"] if row["name"] == "fully_charged_v")
    row["raw"], row["value"] = 3500, 3.5
    bench.write(other, "other.json")
    answer = on_port(bench, "restore", "other.json", "--yes")
    assert answer.returncode == 1
    assert "unit" in answer.stderr
    assert words(bench, 300) != [3500]
    assert on_port(bench, "restore", "other.json", "--yes", "--other-unit").returncode == 0
    assert words(bench, 300) == [3500]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"dialect": "daly", "registers": []}',
        '{"dialect": "tinybms", "registers": [{"name": "nothing", "raw": 1}]}',
        '{"dialect": "tinybms", "registers": [{"name": "cell_count", "raw": 8, "value": 9}]}',
        '{"dialect": "tinybms", "registers": [{"name": "cell_count"}]}',
    ],
)
def test_a_wrong_file_is_refused_before_the_port_is_opened(bench, text):
    Path(bench.path("wrong.json")).write_text(text, encoding="utf-8")
    answer = on_port(bench, "restore", "wrong.json", "--yes")
    assert answer.returncode == 65, answer.stderr
    assert "line" in answer.stderr


def test_a_missing_file_and_a_missing_port(bench):
    assert on_port(bench, "restore", "none.json").returncode == 66
    assert on_port(bench, "list").returncode == 69


def test_a_silent_unit(bench):
    bench.simulator("--fault", "silent")
    answer = on_port(bench, "set", "fully_charged_v=3.5")
    assert answer.returncode == 69
    assert "nothing was changed" in answer.stderr
    assert backups(bench) == []


def test_a_simulator_killed_on_the_way(bench, simulator):
    """What was written, and what cannot be undone, is told; the backup brings it back later."""
    process = bench.start(
        "set",
        *("settings", "tinybms", "set", "fully_charged_v=3.5", "early_balancing_threshold_v=3.2"),
        *("fully_discharged_v=3.0", "charge_finished_current_a=2", "--port", "tty", "--json"),
    )
    until(lambda: "1 of 4" in process.log, 10, "the first word is being written")
    simulator.end(signal.SIGKILL)
    assert process.process.wait(40) == 69
    until(lambda: process.lines, 5, "the outcome")
    told = json.loads(process.lines[-1][1])
    assert not told["applied"]
    assert told["failure"]["kind"] in ("link_lost", "silent")
    assert Path(bench.path(told["backup"])).exists()


def test_a_gateway_holds_its_port(bench, simulator):
    holder = os.open(bench.path("tty"), os.O_RDWR | os.O_NOCTTY)
    try:
        import fcntl

        fcntl.flock(holder, fcntl.LOCK_EX)
        assert on_port(bench, "list").returncode == 69
    finally:
        os.close(holder)


def test_a_person_at_a_terminal_confirms(bench, simulator):
    """The question comes and is answered on a real terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [bench.cellbus, "settings", "tinybms", "set", "cell_undervoltage_cutoff_v=2.6"]
        + ["--port", "tty"],
        cwd=bench.folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ) as process:
        os.close(slave)
        said = b""
        while b"to confirm" not in said:
            said += os.read(master, 4096)
        os.write(master, b"cell_undervoltage_cutoff_v\n")
        assert process.wait(30) == 0
    os.close(master)
    assert words(bench, 316) == [2600]


def test_events_statistics_and_reset(bench, simulator):
    events = as_json(bench.run("events", "--port", "tty", "--json"))["events"]
    assert any(event["meaning"] == "system started" for event in events)
    rows = as_json(bench.run("statistics", "--port", "tty", "--json"))
    assert any(row["name"] == "stat_full_charge_count" for row in rows)

    assert bench.run("reset", "events", "--port", "tty").returncode == 1
    assert as_json(bench.run("events", "--port", "tty", "--json"))["events"]
    assert bench.run("reset", "events", "--port", "tty", text="events\n").returncode == 0
    left = as_json(bench.run("events", "--port", "tty", "--json"))["events"]
    assert len(left) < len(events)
    for what in ("statistics", "restart"):
        answer = bench.run("reset", what, "--port", "tty", "--yes", "--json", seconds=40)
        assert answer.returncode == 0, answer.stderr
        assert as_json(answer)["done"] == what
    events = as_json(bench.run("events", "--port", "tty", "--json"))["events"]
    assert events[0]["meaning"] == "system started"
