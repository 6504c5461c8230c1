# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of one dialect from its fixtures: seeds.py fixtures.jsonl folder answers.txt."""

import json
import struct
import sys
from pathlib import Path


def number(value):
    """A CAN identifier as the fixtures write it."""
    return int(value, 16) if isinstance(value, str) else value


def record(identifier, text):
    """A CAN frame as it stands in the byte stream, as `CANRecord` lays it out; plain bytes without one."""
    if "#" in text:
        name, text = text.split("#")
        identifier = number(name)
    data = bytes.fromhex(text)
    if identifier is None:
        return data
    flagged = identifier | (1 << 31 if identifier > 0x7FF else 0)
    return struct.pack(">IB8s", flagged, len(data), data)


def main():
    """Each answer alone, and as conversations in which it is told."""
    source, folder, answers = map(Path, sys.argv[1:4])
    folder.mkdir(parents=True, exist_ok=True)
    exchanges = []
    for line in source.read_text(encoding="utf-8").splitlines():
        fixture = json.loads(line)
        told = fixture.get("response_hex") or []
        bus = number(fixture.get("can_id") or fixture["expected"].get("can_id"))
        buses = list(map(number, fixture.get("can_ids") or [bus] * len(told)))
        answer = b"".join(record(*pair) for pair in zip(buses, told))
        asked = number(fixture.get("can_request_id"))
        request = record(asked, "00" * 8 if asked else fixture.get("request_hex") or "")
        exchanges.append((request, answer))
    answers.write_text("".join(f"{request.hex()}\n{answer.hex()}\n" for request, answer in exchanges))
    for index, (_, answer) in enumerate(exchanges):
        (folder / f"frame-{index}").write_bytes(b"\0" + answer)
        pieces = [answer[at : at + 250] for at in range(0, len(answer), 250)]
        turns = b"".join(bytes([len(piece), 5]) + piece for piece in pieces)
        # A call is answered first, as it stands; then the fixture comes as bytes.
        for options in (1, 5):
            called = bytes([options, 255, 20, index % 256, 0])
            (folder / f"turns-{options}-{index}").write_bytes(called + turns)
    # Everything that is asked is answered, again and again.
    for options in (1, 3, 5):
        known = b"".join(bytes([255, 60 if turn % 3 else 250, turn, 0]) for turn in range(64))
        (folder / f"known-{options}").write_bytes(bytes([options]) + known)


if __name__ == "__main__":
    main()
