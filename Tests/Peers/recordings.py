# SPDX-License-Identifier: Apache-2.0
"""A reader of recordings, written from docs/recordings.md and from nothing else."""

import re
from collections import namedtuple

Line = namedtuple("Line", "wall monotonic wire mark data")

HEADER = re.compile(r"# cellbus traffic (\d+) (.*)")
LINE = re.compile(r"\((\d{10,}\.\d{6})\) (\S{1,15}) ([<>!]) (.+) @(\d+\.\d{6})")


class Recording:
    """The headers and lines of a recording; anything else that is no remark is refused."""

    def __init__(self, *paths):
        self.headers = []
        self.lines = []
        for path in paths:
            for number, text in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
                self._take(text, f"{path}:{number}")

    def _take(self, text, place):
        if header := HEADER.fullmatch(text):
            assert header[1] == "1", place
            self.headers.append(dict(word.split("=", 1) for word in header[2].split()))
        elif line := LINE.fullmatch(text):
            wall, wire, mark, data, monotonic = line.groups()
            if mark != "!":
                assert re.fullmatch("([0-9A-F]{2})+", data), place
                data = bytes.fromhex(data)
            self.lines.append(Line(float(wall), float(monotonic), wire, mark, data))
        else:
            assert not text or text.startswith("#"), f"{place}: {text!r}"

    def stream(self, mark):
        """All bytes of one direction."""
        return b"".join(line.data for line in self.lines if line.mark == mark)

    @property
    def notes(self):
        """What is noted, in its order."""
        return [line.data for line in self.lines if line.mark == "!"]
