# SPDX-License-Identifier: Apache-2.0
"""Settings and orders of boards that were written from their makers' documents."""

import json
import signal
import time
from pathlib import Path

import pytest

from bench import until
from boards import DalyBoard, JBDBoard


@pytest.fixture
def jbd(bench):
    with JBDBoard(bench.path("bms")) as board:
        yield board


@pytest.fixture
def daly(bench):
    with DalyBoard(bench.path("bms")) as board:
        yield board


def call(bench, *arguments, text=None):
    return bench.run(*arguments, "--port", "bms", text=text, seconds=120)


def told(answer):
    assert answer.stdout, answer.stderr
    return json.loads(answer.stdout)


def test_settings_of_a_jbd_are_changed_saved_and_restored(bench, jbd):
    before = dict(jbd.saved)
    answer = call(bench, "settings", "jbd", "list", "--json")
    rows = {row["name"]: row for row in told(answer)["settings"]}
    assert "factory mode" in answer.stderr
    assert rows["cell_ov_v"]["value"] == 3.65 and rows["charge_ot_c"]["value"] == 65
    assert rows["device_name_text"]["value"] == "front"
    assert rows["function_balance"]["value"] == 1 and rows["discharge_oc_a"]["value"] == -110
    assert "cell_90pct_v" not in rows
    assert jbd.entries == 1 and not jbd.open and jbd.saved == before

    assert call(bench, "settings", "jbd", "backup", "as-found.json").returncode == 0
    answer = call(
        bench, "settings", "jbd", "set", "cell_ov_v=3.45 V", "cell_ov_release_v=3.4 V",
        "device_name_text=bow", "balance_start_v=3350 mV", "--yes", "--json")
    outcome = told(answer)
    assert answer.returncode == 0 and outcome["applied"], answer.stderr
    changed = {0x24: 3450, 0x25: 3400, 0x2A: 3350}
    wanted = before | {key: value.to_bytes(2, "big") for key, value in changed.items()}
    assert jbd.saved == wanted | {0xA1: b"\x03bow"} and not jbd.open

    answer = call(bench, "settings", "jbd", "diff", "as-found.json", "--json")
    assert answer.returncode == 1
    names = {row["name"] for row in told(answer)["differences"]}
    assert names == {"cell_ov_v", "cell_ov_release_v", "device_name_text", "balance_start_v"}
    # The automatic backup and the first one say the same, and either undoes it all.
    backups = sorted(Path(bench.folder).glob("cellbus-backup-A1234567-*.json"))
    assert len(backups) == 1
    assert call(bench, "settings", "jbd", "restore", backups[0].name, "--yes").returncode == 0
    assert jbd.saved == before and not jbd.open


def test_what_is_refused_is_never_written(bench, jbd):
    answer = call(bench, "settings", "jbd", "set", "cell_ov_v=3.45 V", "--yes")
    assert answer.returncode == 1 and "cell_ov_v must be at least 0.001 V above" in answer.stdout
    assert not [request for request in jbd.requests if request[1] == 0x5A and request[2] > 1]
    assert not jbd.open


def test_a_survey_that_is_interrupted_leaves_factory_mode(bench, jbd):
    program = bench.start("list", "settings", "jbd", "list", "--port", "bms")
    until(lambda: jbd.open and len(jbd.requests) > 12, 20, "the board is in factory mode")
    assert program.end(signal.SIGINT, 20) == 1
    assert not jbd.open and "interrupted" in program.log


def test_switches_and_charge_of_a_jbd(bench, jbd):
    answer = call(bench, "control", "jbd", "discharge", "off", "--yes", "--json")
    outcome = told(answer)
    assert answer.returncode == 0 and outcome["confirmed"] and jbd.off == 2
    assert outcome["before"]["discharge_enabled"] and not outcome["after"]["discharge_enabled"]
    assert call(bench, "control", "jbd", "charge", "off", "--yes").returncode == 0 and jbd.off == 3
    assert call(bench, "control", "jbd", "discharge", "on", "--yes").returncode == 0 and jbd.off == 1
    assert call(bench, "control", "jbd", "charge", "on", "--yes").returncode == 0 and jbd.off == 0
    assert jbd.entries == 0
    assert call(bench, "control", "jbd", "soc", "80", "--yes").returncode == 0
    assert jbd.remaining == 8000 and jbd.entries == 1 and not jbd.open
    assert call(bench, "control", "jbd", "balance", "off", "--yes").returncode == 0
    assert jbd.saved[0x2D] == b"\x00\x02" and not jbd.open


def test_an_order_is_confirmed_by_a_person_and_by_the_battery(bench, jbd):
    answer = call(bench, "control", "jbd", "discharge", "off", text="no\n")
    assert answer.returncode == 1 and "goes dark" in answer.stderr and jbd.off == 0
    answer = call(bench, "control", "jbd", "discharge", "off", text="discharge\n")
    assert answer.returncode == 0 and jbd.off == 2
    jbd.off, jbd.held, jbd.protections = 0, 2, 2
    answer = call(bench, "control", "jbd", "discharge", "on", "--yes")
    assert answer.returncode == 1 and "cell_undervoltage" in answer.stderr and jbd.off == 0
    # A board that says yes and does no.
    jbd.protections = 0
    answer = call(bench, "control", "jbd", "discharge", "on", "--yes", "--json")
    assert answer.returncode == 74 and told(answer)["acknowledged"] and not told(answer)["confirmed"]


def test_a_daly_takes_settings_and_orders(bench, daly):
    answer = call(bench, "settings", "daly-d2", "set", "cell_high_l2_v=3.6", "--yes", "--other-unit")
    assert answer.returncode == 64
    answer = call(bench, "settings", "daly-d2", "set", "cell_high_l2_v=3.6", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert daly.registers[0x8C] == 3600
    for words, register, word in [
        (("charge", "off"), 0xA5, 0), (("charge", "on"), 0xA5, 1), (("discharge", "off"), 0xA6, 0),
        (("discharge", "on"), 0xA6, 1), (("balance", "off"), 0xCF, 0), (("soc", "80"), 0xA7, 800),
        (("restart",), 0xF0, 1),
    ]:
        answer = call(bench, "control", "daly-d2", *words, "--yes", "--json")
        assert answer.returncode == 0 and told(answer)["confirmed"], (words, answer.stderr)
        assert daly.registers[register] == word
    daly.stubborn = {0xA3}
    answer = call(bench, "settings", "daly-d2", "set", "balance_start_v=3.3", "--json")
    assert answer.returncode == 74 and told(answer)["unchanged"]


def test_a_board_that_is_not_there_is_told(bench, jbd):
    jbd.mute = True
    for words in [("settings", "jbd", "list"), ("control", "jbd", "charge", "off", "--yes")]:
        answer = call(bench, *words)
        assert answer.returncode == 69 and "nothing was" in answer.stderr
