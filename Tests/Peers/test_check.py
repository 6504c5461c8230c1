# SPDX-License-Identifier: Apache-2.0
"""`cellbus check`: every mistake with its line, what was found and what was expected."""

import json

import pytest

from bench import settings

GOOD = """\
// The smallest useful file: one battery, one inverter.
{
  batteries: [
    {
      name: "house", dialect: "tinybms",
      link: { serial: "/dev/ttyUSB0" },
      poll_ms: 250,
      charging: { chemistry: "lfp", max_charge_current_a: 60 },
    },
  ],
  inverters: [
    { name: "gx", battery: "house",
      link: { can: "can0" },
      gap_ms: 20 },
  ],
  history: { file: "history.db" },
  log: { level: "info" },
}
"""
# What is written in place of what; the line; the setting; and words of what was found and expected.
MISTAKES = [
    ('dialect: "tinybms"', 'dialect: "tinybm"', 5, "batteries[0].dialect", "tinybm", "tinybms"),
    ('dialect: "tinybms"', "dialect: 7", 5, "batteries[0].dialect", "7", "tinybms"),
    ('name: "house", dialect', "dialect", 4, "batteries[0]", "name", "a name for the battery"),
    ('serial: "/dev/ttyUSB0"', "", 6, "batteries[0].link", "serial", "serial: "),
    ("poll_ms: 250", "poll_ms: 20000", 7, "batteries[0].poll_ms", "20000", "100 to 10000 ms"),
    ("poll_ms: 250", 'poll_ms: "often"', 7, "batteries[0].poll_ms", "often", "100 to 10000 ms"),
    ("poll_ms: 250", "pol_ms: 250", 7, "pol_ms", "pol_ms", "poll_ms"),
    ('chemistry: "lfp"', 'chemistry: "nicd"', 8, "batteries[0].charging.chemistry", "nicd", "lfp"),
    (
        "max_charge_current_a: 60",
        "max_charge_current_a: -1",
        8,
        "max_charge_current_a",
        "-1",
        "0 to 3000 A",
    ),
    ('battery: "house"', 'battery: "home"', 12, "inverters[0].battery", "home", "house"),
    ('can: "can0"', 'cam: "can0"', 13, "cam", "cam", "can"),
    ("gap_ms: 20", "gap_ms: 51", 14, "inverters[0].gap_ms", "51", "1 to 50 ms"),
    ('level: "info"', 'level: "loud"', 17, "log.level", "loud", "info"),
]


def check(bench, text):
    """The status and the problems of a file."""
    (bench.folder / "file.json5").write_text(text, encoding="utf-8")
    answer = bench.run("check", "file.json5", "--json")
    report = json.loads(answer.stdout)
    assert report["good"] == (answer.returncode == 0) and answer.returncode in (0, 1)
    return answer.returncode, report["problems"]


def test_a_good_file_is_good(bench):
    assert check(bench, GOOD) == (0, [])
    answer = bench.run("check", "file.json5")
    assert answer.returncode == 0 and "good: 1 battery, 1 inverter" in answer.stdout
    assert bench.run("check", "-", text=GOOD).returncode == 0
    assert check(bench, json.dumps(settings(can="can")))[0] == 0


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: mistake[1] or f"without {mistake[0]}"
)
def test_a_mistake_is_explained(bench, mistake):
    right, wrong, line, path, found, expected = mistake
    assert GOOD.count(right) == 1
    status, problems = check(bench, GOOD.replace(right, wrong))
    assert status == 1
    problem = next(
        (
            entry
            for entry in problems
            if entry["line"] == line
            and (path in entry["path"] or path in entry["found"])
            and found in entry["found"]
            and expected in entry["expected"]
        ),
        None,
    )
    assert problem, problems
    lines = bench.run("check", "file.json5").stdout
    assert f"file.json5: line {line}, column {problem['column']}: error: " in lines
    # The gateway does not start with it, and says the same.
    gateway = bench.run("gateway", "--config", "file.json5")
    assert gateway.returncode == 65 and f"line {line}, column {problem['column']}" in gateway.stderr


def test_a_mistake_hides_no_other(bench):
    """Each of the mistakes, two at a time in the same battery or inverter."""
    text = GOOD
    for right, wrong in (
        ('dialect: "tinybms"', 'dialect: "tinybm"'),
        ("poll_ms: 250", "poll_ms: 50"),
        ('can: "can0"', 'cam: "can0"'),
        ("gap_ms: 20", "gap_ms: 51"),
        ('level: "info"', 'level: "loud"'),
    ):
        text = text.replace(right, wrong)
    _, problems = check(bench, text)
    assert {5, 7, 13, 14, 17} <= {problem["line"] for problem in problems}, problems


def test_what_is_said_reads_well(bench):
    """No sentence with a gap or a word twice in it."""
    for right, wrong, *_ in MISTAKES:
        _, problems = check(bench, GOOD.replace(right, wrong))
        for problem in problems:
            assert problem["found"] and not problem["found"].startswith("found"), problem
            assert problem["expected"].strip() and not problem["expected"].rstrip().endswith(
                " of"
            ), problem
    _, problems = check(bench, GOOD.replace("],\n  history", "\n  history"))
    assert not problems[0]["found"].startswith("found"), problems


@pytest.mark.parametrize(
    ("text", "line"), [("{\n  batteries: [\n", 3), ("{ batteries: [ }", 1), ("", 1)]
)
def test_what_is_no_json5_is_explained(bench, text, line):
    status, problems = check(bench, text)
    assert status == 1 and len(problems) == 1
    assert problems[0]["line"] == line and problems[0]["severity"] == "error"
