# SPDX-License-Identifier: Apache-2.0
"""`cellbus decode` over every fixture with its source: what the source says is what comes out."""

import json

import pytest

FIXTURES = {
    "tinybms": "Tests/DialectsTests/Fixtures/tinybms.jsonl",
    "victron-can": "Tests/InvertersTests/Fixtures/victron-can.jsonl",
    "pylontech-can": "Tests/InvertersTests/Fixtures/victron-can.jsonl",
    "sma-can": "Tests/InvertersTests/Fixtures/victron-can.jsonl",
    "discover-can": "Tests/InvertersTests/Fixtures/victron-can.jsonl",
}
# CAN's own names of alarms, by those of the one dictionary.
SYNONYMS = {
    "high_voltage": "pack_overvoltage",
    "low_voltage": "pack_undervoltage",
    "high_charge_temperature": "charge_overtemperature",
    "low_charge_temperature": "charge_undertemperature",
}
# What no decoder can know, and why.
UNKNOWABLE = {
    "reply_chunks_bytes": "the pieces in which a driver handed over a reply that is not published",
}
# The error that a line must be answered with, by what its `expected` says.
ERRORS = {"nack": "refused", "crc_valid": "bad_checksum"}


def lines(repository, protocol):
    """The fixtures of a protocol."""
    text = (repository / FIXTURES[protocol]).read_text(encoding="utf-8")
    return [line for line in map(json.loads, text.splitlines()) if line["protocol"] == protocol]


def once(pairs):
    """An object in which no name stands twice."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"names that stand twice: {twice}")
    return dict(pairs)


def decode(bench, fixtures):
    """What the command says of lines, an answer for each."""
    answer = bench.run(
        "decode", "--dialect", "auto", text="\n".join(map(json.dumps, fixtures)) + "\n"
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def same(found, expected):
    """Whether a value is what was expected; objects may say more."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            same(found.get(key), value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(map(same, found, expected))
        )
    if isinstance(expected, str):
        return found == SYNONYMS.get(expected, expected)
    if expected is None or isinstance(expected, bool):
        return found is expected
    return (
        isinstance(found, (int, float))
        and not isinstance(found, bool)
        and abs(found - expected) < 1e-9
    )


@pytest.mark.parametrize("protocol", FIXTURES)
def test_every_line_has_its_answer_in_order(bench, repository, protocol):
    fixtures = lines(repository, protocol)
    answers = [json.loads(line) for line in decode(bench, fixtures)]
    assert [answer["id"] for answer in answers] == [fixture["id"] for fixture in fixtures]
    assert {answer["dialect"] for answer in answers} == {protocol}


@pytest.mark.parametrize("protocol", FIXTURES)
def test_no_name_stands_twice(bench, repository, protocol):
    """RFC 8259 4: what a reader makes of an object with a name twice cannot be known."""
    wrong = []
    for line in decode(bench, lines(repository, protocol)):
        try:
            json.loads(line, object_pairs_hook=once)
        except ValueError as error:
            wrong.append((json.loads(line)["id"], str(error)))
    assert wrong == []


@pytest.mark.parametrize("protocol", FIXTURES)
def test_every_expected_value_is_found(bench, repository, protocol):
    fixtures = lines(repository, protocol)
    missing = []
    for fixture, line in zip(fixtures, decode(bench, fixtures)):
        answer = json.loads(line)
        said = {
            **answer.get("registers", {}),
            **answer.get("exchange", {}),
            **answer.get("reading", {}),
        }
        said["registers"] = answer.get("registers", {})
        for name, value in fixture["expected"].items():
            if name in UNKNOWABLE or same(said.get(name), value):
                continue
            if name in answer.get("registers", {}) and same(answer["registers"][name], value):
                continue
            missing.append((fixture["id"], name, value, said.get(name)))
        wanted = next((kind for name, kind in ERRORS.items() if name in fixture["expected"]), None)
        assert answer.get("error", {}).get("kind") == wanted, fixture["id"]
        if wanted:
            assert answer["error"]["message"] and "reading" not in answer
    assert missing == []


def test_what_is_unknowable_is_in_the_fixtures(repository):
    names = {name for line in lines(repository, "tinybms") for name in line["expected"]}
    assert set(UNKNOWABLE) <= names


def test_a_dialect_may_be_named(bench, repository):
    fixture = next(
        line for line in lines(repository, "tinybms") if line["id"] == "tinybms-dumpA-cmd14"
    )
    del fixture["protocol"]
    answer = bench.run("decode", "--dialect", "tinybms", text=json.dumps(fixture))
    assert json.loads(answer.stdout)["reading"]["voltage_v"] == 55.78


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("no JSON", "bad_line"),
        ('{"id":1,"protocol":"tinybms","response_hex":["xyz"]}', "bad_line"),
        ('{"id":1,"protocol":"tinybms","response_hex":[7]}', "bad_line"),
        ('{"id":1,"protocol":"victron-can","response_hex":["351"]}', "bad_line"),
    ],
)
def test_a_bad_line_is_answered_and_the_next_too(bench, repository, line, kind):
    good = json.dumps(lines(repository, "tinybms")[0])
    answer = bench.run("decode", text=f"{line}\n{good}\n")
    bad, after = map(json.loads, answer.stdout.splitlines())
    assert bad["error"]["kind"] == kind and bad["error"]["message"]
    assert "error" not in after
    assert answer.returncode == 65


def test_an_unknown_protocol_is_said(bench):
    answer = bench.run("decode", text='{"id":"x","protocol":"tinybmx","response_hex":["00"]}\n')
    error = json.loads(answer.stdout)["error"]
    assert error["kind"] == "unknown_dialect" and '"tinybms"' in error["message"]
