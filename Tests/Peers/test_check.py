# SPDX-License-Identifier: Apache-2.0
"""`cellbus check`: every mistake with its line, what was found and what was expected."""

import json
import os
import re

import pytest

from bench import settings, until

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
# A file of version 1, with what a person writes round it.
OLD = """\
// Written by hand.
{
  // In the shed.
  batteries: [{ name: "house", dialect: "tinybms", link: { serial: "/dev/ttyUSB0" } }],
  inverters: [{ name: "gx", link: { can: "can0" }, log: "can.log" /* for a while */ }],
}
"""
NEW = OLD.replace("  // In", "  version: 2,\n  // In").replace("log: ", "traffic: ")
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
        "0.001 to 3000 A",
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


def test_the_report_for_programs_is_whole(bench):
    (bench.folder / "file.json5").write_text(GOOD.replace("gap_ms: 20", "gap_ms: 51"), "utf-8")
    report = json.loads(bench.run("check", "file.json5", "--json").stdout)
    assert list(report) == ["file", "good", "problems"]
    assert report["file"] == "file.json5" and report["good"] is False
    assert list(report["problems"][0]) == [
        "line", "column", "path", "severity", "found", "expected",
    ]  # fmt: skip


def test_an_older_file_is_read_and_rewritten(bench):
    path = bench.folder / "file.json5"
    path.write_text(OLD, encoding="utf-8")
    path.chmod(0o640)
    status, problems = check(bench, OLD)
    assert status == 0 and [problem["severity"] for problem in problems] == ["warning"]
    assert problems[0]["path"] == "inverters[0].log" and "traffic" in problems[0]["expected"]

    shown = bench.run("check", "--migrate", "--dry-run", "file.json5")
    assert shown.returncode == 0 and path.read_text("utf-8") == OLD
    assert not list(bench.folder.glob("file.json5?*"))
    changes = [line for line in shown.stdout.splitlines() if re.match(r"[-+](?![-+])", line)]
    assert [line[0] for line in changes] == ["+", "-", "+"], shown.stdout
    assert bench.run("check", "--migrate", "-", text=OLD).stdout == NEW

    assert bench.run("check", "--migrate", "file.json5").returncode == 0
    assert path.read_text("utf-8") == NEW and path.stat().st_mode & 0o777 == 0o640
    assert (bench.folder / "file.json5.v1").read_text("utf-8") == OLD
    assert check(bench, NEW) == (0, [])
    # Again there is nothing to do.
    again = bench.run("check", "--migrate", "file.json5")
    assert again.returncode == 0 and path.read_text("utf-8") == NEW
    assert sorted(os.listdir(bench.folder)) == ["file.json5", "file.json5.v1"]


def test_the_diff_is_one_that_patch_understands(bench):
    """Far apart changes in a long file; `patch` makes the new file from the old one."""
    filler = "".join(f"  // line {number}\n" for number in range(20))
    old = OLD.replace("  batteries", f"{filler}  batteries").replace("  inverters", f"{filler}  inverters")
    (bench.folder / "file.json5").write_text(old, encoding="utf-8")
    diff = bench.run("check", "--migrate", "--dry-run", "file.json5").stdout
    assert diff.count("@@ -") == 2
    assert apply(old, diff) == bench.run("check", "--migrate", "-", text=old).stdout


def apply(text, diff):
    """What `patch` would make of a text, strictly: each hunk must fit where it says."""
    lines, result, at = text.splitlines(), [], 0
    for hunk in re.split(r"(?m)^@@ ", diff)[1:]:
        head, *body = hunk.splitlines()
        start, size, new_start, new_size = map(
            int, re.fullmatch(r"-(\d+),(\d+) \+(\d+),(\d+) @@", head).groups()
        )
        result += lines[at : start - 1]
        assert len(result) == new_start - 1
        old = [line[1:] for line in body if line[0] in " -"]
        new = [line[1:] for line in body if line[0] in " +"]
        assert (len(old), len(new)) == (size, new_size)
        assert lines[start - 1 : start - 1 + size] == old
        result += new
        at = start - 1 + size
    return "\n".join(result + lines[at:]) + "\n"


def test_a_file_that_is_kept_is_not_written_over(bench):
    path = bench.folder / "file.json5"
    path.write_text(OLD, encoding="utf-8")
    kept = bench.folder / "file.json5.v1"
    kept.write_text("something else", encoding="utf-8")
    answer = bench.run("check", "--migrate", "file.json5")
    assert answer.returncode == 73 and "file.json5.v1 is there already" in answer.stderr
    assert path.read_text("utf-8") == OLD and kept.read_text("utf-8") == "something else"
    # The same content, left from an earlier try, is in nobody's way.
    kept.write_text(OLD, encoding="utf-8")
    assert bench.run("check", "--migrate", "file.json5").returncode == 0
    assert path.read_text("utf-8") == NEW and kept.read_text("utf-8") == OLD


def test_a_link_stays_a_link(bench):
    (bench.folder / "etc").mkdir()
    (bench.folder / "etc" / "real.json5").write_text(OLD, encoding="utf-8")
    (bench.folder / "file.json5").symlink_to("etc/real.json5")
    assert bench.run("check", "--migrate", "file.json5").returncode == 0
    assert (bench.folder / "file.json5").is_symlink()
    assert (bench.folder / "etc" / "real.json5").read_text("utf-8") == NEW
    assert (bench.folder / "etc" / "real.json5.v1").read_text("utf-8") == OLD


def test_what_has_mistakes_is_not_rewritten(bench):
    for text in (OLD.replace("house", ""), "{ version: 3 }", OLD[:-3]):
        (bench.folder / "file.json5").write_text(text, encoding="utf-8")
        answer = bench.run("check", "--migrate", "file.json5")
        assert answer.returncode == 1 and "error: " in answer.stdout
        assert os.listdir(bench.folder) == ["file.json5"]
    for options in (["--dry-run"], ["--json", "--migrate"], ["--schema", "--json"]):
        assert bench.run("check", *options).returncode == 64


def test_no_output_shows_a_secret(bench, monkeypatch):
    """A gateway that has its password from a variable or a file never says it."""
    monkeypatch.setenv("CELLBUS_TEST_PASSWORD", "hunter2")
    secret = bench.folder / "secret"
    secret.write_text("hunter2\n", encoding="utf-8")
    for mode, password in ((0o600, {"env": "CELLBUS_TEST_PASSWORD"}), (0o644, {"file": "secret"})):
        secret.chmod(mode)
        chosen = settings(battery={"password": password}, log={"level": "debug"})
        bench.write(chosen)
        is_open = mode == 0o644
        status, problems = check(bench, json.dumps(chosen))
        assert status == 0 and len(problems) == is_open, problems
        answers = [bench.run("check"), bench.run("check", "--json"), bench.run("check", "--schema")]
        for answer in answers:
            assert "hunter2" not in answer.stdout + answer.stderr
        gateway = bench.gateway()
        until(lambda: "starts with 1 battery" in gateway.log, 10, "the gateway's first line")
        gateway.end()
        assert ("open to others" in gateway.log) == is_open
        assert "hunter2" not in gateway.log
        for path in bench.folder.iterdir():
            assert path == secret or path.is_socket() or b"hunter2" not in path.read_bytes()


def test_a_secret_in_plain_text_is_refused_and_not_repeated(bench):
    bench.write(settings(battery={"password": "hunter2"}))
    for command in (["check"], ["check", "--json"], ["gateway"]):
        answer = bench.run(*command)
        assert answer.returncode != 0 and "hunter2" not in answer.stdout + answer.stderr
        assert "plain text" in answer.stdout + answer.stderr
