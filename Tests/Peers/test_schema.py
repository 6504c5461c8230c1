# SPDX-License-Identifier: Apache-2.0
"""The published schema and `cellbus check` agree, with Python's `jsonschema` as the judge of the schema.

What the schema refuses, `check` complains of. What the schema takes, `check` complains of only where
the reason is one of RELATIONS: what settings are to each other, or to the machine, no schema can say.
"""

import copy
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from jsonschema import Draft202012Validator

# Where `check` knows more than a schema can say: the setting, and words of what was expected.
RELATIONS = [
    (r"banks\[\d\]", r"^a name that no|^at most \d|^each battery|^names of batter|^batteries |^one without it"),
    (r"batteries\[\d\]\.charging", r"^(?!a number|a whole|a list|one of|true)"),  # its numbers
    (r"batteries\[\d\](\.doors\[\d\])?\.dialect", r"^one of \"tinybms\""),  # or a map of the same file
    (r"batteries\[\d\](\.doors\[\d\])?\.link", r"cannot be read over Modbus TCP|is not read on"),
    (r"batteries\[\d\]", r"^the language of the battery|^the wire, such as"),  # or doors
    (r"batteries\[\d\](\.doors\[\d\])?\.(address|inverts_current|module)", r"^none:|^\d+ to|six bytes"),
    (r"batteries\[\d\]\.\w+", r"it inside \"doors\"|one door that asks|less than aging_ms"),
    (r"batteries\[\d\]", r"listen of both|the same name, speed"),
    (r"batteries\[\d\]", r"fresh_ms below aging_ms below stale_ms"),
    (r"(batteries|inverters)\[\d\]", r"of its own"),
    (r"inverters\[\d\]", r"^the name of the battery|^one without it: a battery that is read"),
    (r"inverters\[\d\]\.battery", r"^one of \""),
    (r"log\.parts", r"^one of gateway, control"),
    (r"batteries\[\d\]\.password", r"it to hold the secret|a file with the secret|LoadCredential"),
    (r".*(traffic|file)", r"a file of its own"),
    (r".*\.modbus_tcp|.*\.tcp", r"a host and a port"),  # an IPv6 address that is none
]
# A good file that has every object, in as many kinds as there are.
BASES = [
    {
        "$schema": "cellbus.schema.json",
        "version": 2,
        "batteries": [
            {
                "name": "house",
                "dialect": "tinybms",
                "link": {"serial": "/dev/ttyUSB0", "rs485": {"rts_on_send": "high"}},
                "charging": {"chemistry": "lfp"},
                "traffic": {"file": "house.log"},
                "password": {"env": "HOME"},
            },
        ],
        "inverters": [
            {"name": "gx", "battery": "house", "link": {"can": "can0"}, "traffic": {"file": "gx.log"}},
        ],
        "history": {"file": "history.db"},
        "status": {"socket": "cellbus.sock"},
        "log": {"level": "info", "parts": {"gateway": "debug"}},
        "watchdog": {"device": None},
    },
    {
        "batteries": [
            {
                "name": "house",
                "dialect": "tinybms",
                "link": {"tcp": "localhost:2000"},
                "low_power": True,
                "traffic": "house.log",
            },
            {
                "name": "barn",
                "dialect": "tinybms",
                "link": {"modbus_tcp": "[::1]"},
                "low_power": False,
                "password": {"credential": "bms"},
            },
        ],
        "inverters": [
            {"name": "gx", "battery": "barn", "link": {"slcan": "/dev/ttyACM0", "bitrate": 250000}},
            {"name": "sma", "battery": "barn", "profile": "sma", "link": {"file": "sma.log"}},
        ],
    },
]
HOSTS = ["a:1", "a.b-c_d:65535", "[::1]:2000", "[fe80::1%eth0]:7", "10.0.0.1:502", "a:0", "a:65536"]
HOSTS += ["a:", ":5", "a:01", "::1:5", "[]:5", "a b:5", "a", "[::1]", "a:5:6", "[a:5", "a/b:5", "a:x"]
STRANGE = [True, False, 0, -1, 7, 1.5, "", "x", ["x"], {}, {"x": 1}]


@pytest.fixture(scope="module")
def judge(request):
    """The published schema; it must be one."""
    path = request.config.rootpath.parents[1] / "docs" / "cellbus.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def kinds(schema):
    """The kinds that a schema allows: itself, or each of its choices."""
    choices = schema.get("oneOf", []) + schema.get("anyOf", [])
    return [kind for choice in choices for kind in kinds(choice)] if choices else [schema]


def objects(value, schema, path=()):
    """Every object of a document with its place and those of its schemas that know all its keys."""
    for kind in kinds(schema):
        known = kind.get("properties", {})
        if isinstance(value, dict) and known and set(value) <= set(known):
            conditions = [
                branch["properties"]
                for condition in kind.get("allOf", [])
                for branch in (condition["then"], condition["else"])
            ]
            yield path, kind, conditions
            for key, child in value.items():
                yield from objects(child, known[key], (*path, key))
        if isinstance(value, list) and "items" in kind:
            for index, child in enumerate(value):
                yield from objects(child, kind["items"], (*path, index))


def candidates(schema):
    """Values at the bounds of a schema, on both sides of them."""
    for kind in kinds(schema):
        if kind.get("type") in ("integer", "number"):
            low, high = kind["minimum"], kind["maximum"]
            step = 1 if kind["type"] == "integer" else 0.0001 if high <= 1 else 0.01
            yield from (low, high, low - step, high + step, (low + high) // 2)
            if kind["type"] == "integer":
                yield low + 0.5
        for word in kind.get("enum", []):
            yield word
            yield f"{word}x"
        if "maxLength" in kind:
            yield from ("a" * kind["maxLength"], "a" * (kind["maxLength"] + 1))
        if "pattern" in kind:
            yield from HOSTS
        if "prefixItems" in kind.get("items", {}):
            place = kind["items"]["prefixItems"][0]
            low, high = place["minimum"], place["maximum"]
            yield [[low, 0], [high, 100]]
            yield [[low, 0]]
            yield [[low - 0.1, 0], [high, 100]]
            yield [[low, 0], [high + 0.1, 100]]
            yield [[low, 0], [high, 100.5]]
            yield [[low, -0.5], [high, 100]]
            yield [[low, 0, 1], [high, 100]]
            yield [[low], [high, 100]]
            yield [[low, "0"], [high, 100]]


def changed(document, path, change):
    """A copy of a document with a change of the object at a place."""
    result = copy.deepcopy(document)
    node = result
    for key in path:
        node = node[key]
    change(node)
    return result


def mutations(judge):
    """The bases, and each with one change, of every setting and every object."""
    chance = random.Random(0)
    done = set()
    for base in BASES:
        yield base
        for path, kind, conditions in objects(base, judge.schema):
            yield changed(base, path, lambda node: node.update({"colour": "green"}))
            for key in kind["properties"]:
                place = (*[name for name in path if isinstance(name, str)], key)
                if place in done and not any(key in branch for branch in conditions):
                    continue
                done.add(place)
                schemas = [kind["properties"][key]]
                schemas += [branch[key] for branch in conditions if key in branch]
                for schema in schemas:
                    for value in candidates(schema):
                        yield changed(base, path, lambda node: node.update({key: value}))
                for value in (None, [], *chance.sample(STRANGE, 2)):
                    yield changed(base, path, lambda node: node.update({key: value}))
                yield changed(base, path, lambda node: node.pop(key, None))


def made(schema, chance):
    """Something that a schema takes, at random."""
    kind = chance.choice(kinds(schema))
    if "enum" in kind:
        return chance.choice(kind["enum"])
    if "pattern" in kind:
        return f"host{chance.randrange(1000)}:{chance.randrange(1, 65536)}"
    match kind.get("type"):
        case "boolean":
            return chance.random() < 0.5
        case "null":
            return None
        case "integer":
            return chance.randint(kind["minimum"], kind["maximum"])
        case "number":
            return max(kind["minimum"], round(chance.uniform(kind["minimum"], kind["maximum"]), 3))
        case "string":
            return "".join(chance.choices("abcdefgh", k=chance.randint(1, 8)))
        case "array" if "prefixItems" in kind["items"]:
            first = kind["items"]["prefixItems"][0]
            places = sorted(chance.sample(range(int(first["minimum"]) + 1, int(first["maximum"])), 3))
            return [[place, chance.randint(0, 100)] for place in places]
        case "array":
            fewest = max(1, kind.get("minItems", 1))
            return [made(kind["items"], chance) for _ in range(chance.randint(fewest, fewest + 1))]
    result = {}
    for key, child in kind.get("properties", {}).items():
        if key in kind.get("required", []) or chance.random() < 0.3:
            result[key] = made(child, chance) if kinds(child) != [{}] else None
    for condition in kind.get("allOf", []):
        is_met = Draft202012Validator(condition["if"]).is_valid(result)
        for key, child in condition["then" if is_met else "else"]["properties"].items():
            if key in result:
                result[key] = made(child, chance)
    return result


def is_relation(problem):
    """Whether a problem is one that no schema can say."""
    return any(
        re.fullmatch(f"({path})(\\..*)?", problem["path"])
        and re.search(words, problem["expected"])
        for path, words in RELATIONS
    )


def disagreements(judge, bench, documents):
    """Documents of which the schema and `check` say different things; and how many there were of each."""

    def check(document):
        text = json.dumps(document)
        answer = bench.run("check", "-", "--json", text=text)
        report = json.loads(answer.stdout)
        isGood = all(problem["severity"] == "warning" for problem in report["problems"])
        assert report["good"] == isGood == (answer.returncode == 0), text
        return report["problems"]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(check, documents))
    counts = {"taken": 0, "refused": 0}
    found = []
    for document, problems in zip(documents, answers, strict=True):
        fits = judge.is_valid(document)
        counts["taken" if fits else "refused"] += 1
        own = [problem for problem in problems if not is_relation(problem)]
        if own if fits else not problems:
            found.append((fits, own, json.dumps(document)[:2000]))
    return found, counts


@pytest.mark.slow
def test_one_change_at_a_time(judge, bench):
    seen = {json.dumps(document): document for document in mutations(judge)}
    found, counts = disagreements(judge, bench, list(seen.values()))
    assert not found, f"{len(found)} of {counts}: {found[:3]}"
    assert min(counts.values()) > 300, counts


def test_the_bases_are_good(judge, bench):
    for base in BASES:
        assert judge.is_valid(base), next(judge.iter_errors(base))
        problems = json.loads(bench.run("check", "-", "--json", text=json.dumps(base)).stdout)
        assert [problem for problem in problems["problems"] if not is_relation(problem)] == []


@pytest.mark.parametrize("seed", range(4))
def test_files_at_random(judge, bench, seed):
    """Whatever fits the schema is read without a complaint but for relations."""
    chance = random.Random(seed)
    documents = []
    for _ in range(40):
        document = made(judge.schema, chance)
        document["version"] = 2
        document.pop("$schema", None)
        assert judge.is_valid(document), (seed, next(judge.iter_errors(document)).message)
        documents.append(document)
    found, _ = disagreements(judge, bench, documents)
    assert not found, f"seed {seed}: {found[:3]}"


def test_check_prints_the_published_schema(judge, bench):
    answer = bench.run("check", "--schema")
    assert answer.returncode == 0 and json.loads(answer.stdout) == judge.schema
