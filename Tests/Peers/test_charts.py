# SPDX-License-Identifier: Apache-2.0
"""Pictures of the history, read by other programs: XML parsers, zlib and SQLite."""

import json
import re
import shutil
import sqlite3
import struct
import subprocess
import xml.etree.ElementTree as ElementTree
import zlib
from datetime import datetime

import pytest

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """<b onload="x()">&amp; ' ]]> \u202e</b>"""
# The scenario begins at 08:00 of its first day.
START = "2026-06-20T08:00:00Z"


@pytest.fixture(scope="module")
def day(cellbus, tmp_path_factory):
    """A history of an hour and a half, made once."""
    path = tmp_path_factory.mktemp("day") / "day.db"
    command = [cellbus, "simulate", "history", "--file", path, "--for", "90m", "--battery", HOSTILE]
    more = ["--from", START, "--scenario", "camper", "--fault", "hot-sensor@20m-30m"]
    answer = subprocess.run([*command, *more], capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    return str(path)


def seconds(text):
    """An ISO time in seconds since 1970."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def style(path):
    """The style of an SVG element as a dictionary."""
    pairs = (part.split(":") for part in path.get("style", "").split(";") if ":" in part)
    return {key.strip(): value.strip() for key, value in pairs}


def runs(path):
    """The lines of a path: a list of points for each."""
    found = []
    for letter, numbers in re.findall(r"([MLZ])([^MLZ]*)", path.get("d")):
        if letter == "Z":
            continue
        point = tuple(float(number) for number in numbers.split())
        if letter == "M":
            found.append([])
        found[-1].append(point)
    return found


def drawn(svg, width):
    """The stroked paths of a width, in the order of the file."""
    root = ElementTree.fromstring(svg)
    return [
        path
        for path in root.iter(SVG + "path")
        if style(path).get("stroke-width") == width and style(path).get("fill") == "none"
    ]


def height_at(line, x):
    """Where a line of points is at `x`; `None` beside it."""
    for (x1, y1), (x2, y2) in zip(line, line[1:]):
        if x1 <= x <= x2:
            return y1 if x1 == x2 else y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return line[0][1] if len(line) == 1 and abs(line[0][0] - x) < 0.2 else None


def answer(bench, path, point, *more):
    """The rows that `cellbus history --json` tells."""
    result = bench.run("history", "--file", path, "--point", point, "--json", *more)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)[0]


@pytest.mark.parametrize("point", ["current_a", "voltage_v", "cell_min_v", "soc_pct"])
def test_lines_fall_where_the_data_says(bench, day, point):
    more = ["--from", START, "--last", "90m", "--rows", "3700"]
    told = answer(bench, day, point, *more)
    result = bench.run("history", "--file", day, "--point", point, "--svg", "-", "--utc", *more)
    assert result.returncode == 0, result.stderr
    (path,) = drawn(result.stdout, "1.6")
    line = [point for run in runs(path) for point in run]
    assert told["resolution"] == "minute"
    times = [seconds(row["time"]) + 30 for row in told["rows"]]
    values = [row["mean"] for row in told["rows"]]
    assert len(values) > 80 and max(values) > min(values)

    # Two straight scales carry all of it: they are found from the extremes, then held to the rest.
    left, right = line[0][0], line[-1][0]
    top, bottom = min(y for _, y in line), max(y for _, y in line)
    across = (right - left) / (times[-1] - times[0])
    down = (bottom - top) / (max(values) - min(values))
    for time, value in zip(times, values):
        x = left + (time - times[0]) * across
        # Places are rounded to an eighth of a pixel, which on a steep line is more in the other way.
        near = [height_at(line, place) for place in (x - 0.2, x, x + 0.2)]
        near = [y for y in near if y is not None]
        wanted = bottom - (value - min(values)) * down
        assert min(near) - 0.2 < wanted < max(near) + 0.2, (time, value)

    # And the marks of both axes stand at round numbers of the same scales.
    upright, level = [], []
    for mark in drawn(result.stdout, "1"):
        for run in runs(mark):
            (x1, y1), (x2, y2) = run[0], run[-1]
            if x1 == x2 and y2 - y1 > 50 and x1 > left:
                upright.append(times[0] + (x1 - left) / across)
            if y1 == y2 and x2 - x1 > 200:
                level.append(min(values) + (bottom - y1) / down)
    assert len(upright) > 4 and len(level) > 2
    for time in upright:
        assert abs((time + 30) % 60 - 30) < 6, datetime.fromtimestamp(time)
    steps = {f"{abs(a - b):.3g}" for a, b in zip(level, level[1:])}
    assert all(round(float(step) * 1.0001, 9) for step in steps)
    assert len({f"{float(step):.2g}" for step in steps}) == 1, steps
    assert f"{float(steps.pop()):.1e}"[0] in "125"


def test_a_gap_breaks_the_line(bench, day, tmp_path):
    copy = str(tmp_path / "gap.db")
    shutil.copy(day, copy)
    hole = seconds("2026-06-20T08:40:00Z")
    with sqlite3.connect(copy) as database:
        database.execute(
            "DELETE FROM rollup WHERE span = 60 AND start >= ? AND start < ?", (hole, hole + 600)
        )
        database.execute(
            "DELETE FROM block WHERE start >= ? AND start < ?", (hole * 1000, (hole + 600) * 1000)
        )
    for name, parts in ((day, 1), (copy, 2)):
        result = bench.run("history", "--file", name, "--point", "voltage_v", "--svg", "-")
        assert result.returncode == 0, result.stderr
        (path,) = drawn(result.stdout, "1.6")
        lines = runs(path)
        assert len(lines) == parts
        if parts == 2:
            whole = lines[1][-1][0] - lines[0][0][0]
            missing = lines[1][0][0] - lines[0][-1][0]
            # 11 of 89 minutes lie between the middles of the minutes beside the hole.
            assert abs(missing / whole - 11 / 89) < 0.01
    # Bands do not bridge it either.
    result = bench.run("history", "--file", copy, "--point", "current_a", "--svg", "-")
    root = ElementTree.fromstring(result.stdout)
    (line,) = drawn(result.stdout, "1.6")
    edge, far = runs(line)[0][-1][0], runs(line)[1][0][0]
    for path in root.iter(SVG + "path"):
        if style(path).get("fill-opacity") == "0.22":
            xs = [x for run in runs(path) for x, _ in run]
            assert max(xs) <= edge + 1 or min(xs) >= far - 1


def test_every_cell_is_a_line(bench, day):
    told = bench.run("history", "--file", day, "--point", "cells", "--json")
    cells = json.loads(told.stdout)
    assert [cell["point"] for cell in cells] == [f"cell_{n}_v" for n in range(1, 5)]
    result = bench.run("history", "--file", day, "--point", "cells", "--svg", "-")
    lines = drawn(result.stdout, "1.1")
    assert len(lines) == 4
    assert len({style(line)["stroke"] for line in lines}) == 4
    assert all(len(runs(line)) == 1 for line in lines)


def test_alarms_are_marked_where_they_were(bench, day):
    result = bench.run("history", "--file", day, "--point", "temp_max_c", "--svg", "-")
    events = json.loads(bench.run("history", "--file", day, "--events", "--json").stdout)
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "started" and kinds[-1] == "stopped"
    raised = [event for event in events if event["text"] == "alarm overtemperature raised"]
    cleared = [event for event in events if event["text"] == "alarm overtemperature cleared"]
    assert len(raised) == len(cleared) == 1
    root = ElementTree.fromstring(result.stdout)
    shades = [
        [x for run in runs(path) for x, _ in run]
        for path in root.iter(SVG + "path")
        if style(path).get("fill-opacity") == "0.12"
    ]
    longest = max(shades, key=lambda xs: max(xs) - min(xs))
    (line,) = drawn(result.stdout, "1.6")
    xs = [x for run in runs(line) for x, _ in run]
    length = seconds(cleared[0]["time"]) - seconds(raised[0]["time"])
    assert 500 < length < 700
    # The line reaches over 89 minutes.
    assert abs((max(longest) - min(longest)) / (max(xs) - min(xs)) - length / 5340) < 0.01


def test_a_hostile_name_is_only_text(bench, day):
    result = bench.run("history", "--file", day, "--point", "voltage_v", "--svg", "-")
    root = ElementTree.fromstring(result.stdout)
    title = root.find(SVG + "title").text
    assert title.startswith(HOSTILE.replace("\u202e", "\ufffd"))
    assert root.get("aria-label") == title and root.get("role") == "img"
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "defs", "g", "symbol", "path", "use", "clipPath", "rect")
    }
    assert not any(name.startswith("on") for element in root.iter() for name in element.keys())


def pixels(data):
    """Width, height and the rows of an RGB PNG of eight bits, unfiltered."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed, head = 8, b"", None
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + content)
        head = struct.unpack(">IIBBBBB", content) if kind == b"IHDR" else head
        packed += content if kind == b"IDAT" else b""
        place += 12 + length
    width, height, depth, color, *_ = head
    assert (depth, color) == (8, 2)
    raw, rows, above = zlib.decompress(packed), [], bytearray(3 * width)
    for index in range(height):
        start = index * (3 * width + 1)
        form, row = raw[start], bytearray(raw[start + 1 : start + 1 + 3 * width])
        for x in range(len(row)):
            left = row[x - 3] if x >= 3 else 0
            corner = above[x - 3] if x >= 3 else 0
            guess = left + above[x] - corner
            paeth = min((left, above[x], corner), key=lambda value: abs(guess - value))
            row[x] = (row[x] + (0, left, above[x], (left + above[x]) // 2, paeth)[form]) & 255
        rows.append(row)
        above = row
    return width, height, rows


@pytest.mark.parametrize(("theme", "ground"), [([], (255, 255, 255)), (["--dark"], (20, 24, 29))])
def test_a_png_has_its_size_and_is_not_blank(bench, day, theme, ground):
    more = ["--png", "a.png", "--width", "420", "--height", "300", *theme]
    result = bench.run("history", "--file", day, "--point", "voltage_v", *more)
    assert result.returncode == 0 and result.stdout == "", result.stderr
    width, height, rows = pixels((bench.folder / "a.png").read_bytes())
    assert (width, height) == (420, 300)
    colors = [tuple(row[x : x + 3]) for row in rows for x in range(0, 3 * width, 3)]
    assert colors[0] == ground
    others = sum(color != ground for color in colors)
    assert 0.02 < others / len(colors) < 0.5
    line = (0, 114, 178) if not theme else (86, 180, 233)
    assert colors.count(line) > 100
    assert not list(bench.folder.glob("*.part"))


def test_what_cannot_be_drawn_is_said(bench, day):
    nothing = ["--to", "2001-01-01T00:00:00Z"]
    result = bench.run("history", "--file", day, "--point", "voltage_v", "--svg", "x.svg", *nothing)
    assert result.returncode == 1 and "nothing is known of voltage_v" in result.stderr
    assert "there are values from 2026-06-20T08:00:00Z to 2026-06-20T09:29:59Z" in result.stderr
    assert not (bench.folder / "x.svg").exists()
    result = bench.run("history", "--file", day, "--point", "cells", *nothing)
    assert result.returncode == 1 and "single cells" in result.stderr
    absent = bench.run("history", "--file", day, "--point", "time_to_full_s", "--png", "x.png")
    assert absent.returncode in (0, 1)
    assert bench.run("history", "--file", day, "--svg", "x.svg").returncode == 64
    both = ["--point", "soc_pct", "--svg", "x.svg", "--csv"]
    assert bench.run("history", "--file", day, *both).returncode == 64
    folder = bench.run("history", "--file", day, "--point", "soc_pct", "--svg", "no/such/x.svg")
    assert folder.returncode == 73 and "no/such/x.svg" in folder.stderr


def test_the_list_says_what_there_is(bench, day):
    told = json.loads(bench.run("history", "--file", day, "--list", "--json").stdout)
    (battery,) = told["batteries"]
    assert battery["name"] == HOSTILE
    kept = {shelf["resolution"]: shelf for shelf in battery["kept"]}
    assert kept["raw"]["records"] == 90 * 60
    assert seconds(kept["minute"]["to"]) - seconds(kept["minute"]["from"]) in (5340, 5400)
    with sqlite3.connect(f"file:{day}?mode=ro", uri=True) as database:
        (packed,) = database.execute("SELECT sum(length(payload)) FROM block").fetchone()
        (size,) = database.execute("SELECT page_count * 1024 FROM pragma_page_count").fetchone()
    sizes = told["bytes_about"]
    assert 0.9 * packed < sizes["records"] < 1.3 * packed
    assert abs(sum(sizes.values()) - size) < 0.05 * size
    assert "minutes" in bench.run("history", "--file", day, "--list").stdout


def test_energies_are_those_of_the_counters(bench, day):
    told = json.loads(bench.run("history", "--file", day, "--json").stdout)
    for name, point in (("energy_in_wh", "energy_charged_wh"), ("energy_out_wh", "energy_discharged_wh")):
        rows = answer(bench, day, point, "--rows", "100000")["rows"]
        assert abs(told[name] - (rows[-1]["max"] - rows[0]["min"])) < 0.01
