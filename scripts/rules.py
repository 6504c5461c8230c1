#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House rules that swift-format does not know. Prints `file:line: reason` and fails if there is any."""

import re
import subprocess
import sys
from pathlib import Path

SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE = {".swift", ".h", ".c", ".py", ".sh"}
TEXT = CODE | {".md", ".txt", ".modulemap", ".json", ".json5", ".service", ".yml", ""}
SOFT, HARD = 300, 500

# What a line of Swift must not say, outside its comments and texts; where; and why.
FORBIDDEN = [
    (r"\bTask\s*(\(|\{|\.detached\b)", ("Sources", "Benchmarks"), "an unstructured task: use a task group"),
    (r"\btry!", ("Sources", "Benchmarks"), "try! traps: handle the error"),
    (r"\bas!", ("Sources", "Benchmarks"), "as! traps: use as? and say what else happens"),
    (r"\bTask\.sleep\b", ("Sources", "Tests"), "no sleeping: pass time in, or wait for the event"),
    (r"\bimport\s+XCTest\b", ("Tests",), "tests are written with Swift Testing"),
]
# What needs a reason in a comment, on the same line or the one above.
EXPLAINED = [
    (r"\b(fatalError|preconditionFailure)\s*\(", ("Sources",), "say in a comment why it cannot be reached"),
    (r"@unchecked\s+Sendable\b", ("Sources", "Tests", "Benchmarks"), "say in a comment what guards it"),
    (r"\bnonisolated\(unsafe\)", ("Sources", "Tests", "Benchmarks"), "say in a comment what guards it"),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|^\s*(//|#) placeholder\b")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")


def files():
    """The files of the project: those that git tracks or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(path for path in map(Path, set(names)) if path.is_file())


def bare(line):
    """A line of Swift without its texts and its comment."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//", 1)[0]


def swift(path, lines):
    """Rules for one Swift file."""
    top = path.parts[0]
    is_program = path.name == "main.swift"
    for number, line in enumerate(lines, 1):
        code = bare(line)
        for pattern, places, reason in FORBIDDEN:
            if top in places and re.search(pattern, code):
                if "unstructured" in reason and is_program:
                    continue
                yield number, reason
        for pattern, places, reason in EXPLAINED:
            if top in places and re.search(pattern, code):
                above = lines[number - 2].strip() if number > 1 else ""
                if "//" not in line and not above.startswith("//"):
                    yield number, reason
    if len(lines) > HARD and "generated" not in "".join(lines[:3]):
        yield HARD + 1, f"{len(lines)} lines, {HARD} is the most: split the file by topic"


def slug(heading):
    """The anchor that a heading gets."""
    heading = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def prose(lines):
    """The lines of a Markdown file outside its fences, numbered from 1."""
    fenced = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(path):
    """The anchors of a Markdown file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {slug(match[1]) for _, line in prose(lines) if (match := HEADING.match(line))}


def markdown(path, lines):
    """Links of one Markdown file that lead nowhere."""
    for number, line in prose(lines):
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            place = (path.parent / name) if name else path
            if not place.exists():
                yield number, f"the link leads to {target}, which is not there"
            elif anchor and place.suffix == ".md" and anchor not in anchors(place):
                yield number, f"the link leads to #{anchor}, a heading that is not there"


def common(path, lines):
    """Rules for any text file."""
    is_script = bool(lines) and lines[0].startswith("#!")
    if path.suffix in CODE or is_script or path.name == "Makefile":
        head = lines[1:2] if is_script else lines[:1]
        if path.name == "Package.swift":
            head = lines[1:2]  # the first line is for the package manager
        if not head or SPDX not in head[0]:
            yield 1, f"the first line must be the licence: {SPDX}"
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if "\t" in line and path.name != "Makefile":
            yield number, "a tab: indent with spaces, write \\t in a text"
        if path.name != "rules.py" and UNFINISHED.search(line):
            yield number, "unfinished: finish it, or say what is so and why"


def main():
    """Checks every file; the exit status is 1 when a rule is broken."""
    broken = 0
    for path in files():
        if path.suffix not in TEXT or path.name == "LICENSE" or "Fixtures" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        found = list(common(path, lines))
        if text and not text.endswith("\n"):
            found.append((len(lines), "no newline at the end of the file"))
        if path.suffix == ".swift":
            found += swift(path, lines)
            if SOFT < len(lines) <= HARD:
                print(f"{path}:{SOFT + 1}: note: {len(lines)} lines, over {SOFT}: could it be two files?")
        if path.suffix == ".md":
            found += markdown(path, lines)
        for number, reason in sorted(found):
            print(f"{path}:{number}: {reason}")
        broken += len(found)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
