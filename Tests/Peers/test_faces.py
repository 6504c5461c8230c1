# SPDX-License-Identifier: Apache-2.0
"""Simulated batteries at their doors: a CAN adapter, a socket for Bluetooth, a line of several, a bank."""

import json
import socket
import struct

import can
import pytest
import serial

from bench import Simulator, until


def start(bench, *arguments, name="simulator"):
    """A simulator that has printed two lines: in the second its current flows."""
    simulator = bench.start(name, "simulate", *arguments, kind=Simulator)
    until(lambda: len(simulator.lines) > 1 or not simulator.is_running, 10, "two lines")
    assert simulator.is_running, simulator.log
    return simulator


def truth(simulator):
    """The newest true state."""
    return json.loads(simulator.lines[-1][1])


def crc16(data):
    """The checksum of Modbus."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def jbd(register, data=b"", action=0xA5):
    """A request in the language of JBD."""
    body = bytes([register, len(data)]) + data
    return bytes([0xDD, action]) + body + struct.pack(">H", -sum(body) & 0xFFFF) + b"\x77"


def test_python_can_asks_a_daly_behind_an_adapter(bench):
    simulator = start(
        bench, "daly-can", "--pty", "tty", "--json", "--scenario", "house", "--address", "3"
    )
    with can.Bus(
        interface="slcan", channel=bench.path("tty"), bitrate=250000, sleep_after_open=0.2
    ) as bus:

        def ask(command, frames):
            bus.send(
                can.Message(
                    arbitration_id=0x18000340 | command << 16, is_extended_id=True, data=[0] * 8
                )
            )
            found = []
            while len(found) < frames:
                message = bus.recv(3)
                assert message, f"{len(found)} of {frames} frames"
                # The same board drives an inverter, in frames of 11 bits.
                if message.is_extended_id:
                    assert message.arbitration_id == 0x18004003 | command << 16
                    found.append(bytes(message.data))
            return found

        volts, _, current, soc = struct.unpack(">4H", ask(0x90, 1)[0])
        true = truth(simulator)
        assert abs(volts / 10 - true["voltage_v"]) <= 0.11
        assert abs((30000 - current) / 10 - true["current_a"]) < 1
        assert abs(soc / 10 - true["soc_pct"]) <= 0.2
        pages = ask(0x95, 6)
        assert [page[0] for page in pages] == [1, 2, 3, 4, 5, 6]
        cells = [cell for page in pages for cell in struct.unpack(">x3Hx", page)][:16]
        for cell, expected in zip(cells, true["cell_voltages_v"]):
            assert abs(cell / 1000 - expected) <= 0.003


def test_a_newer_daly_streams_while_it_is_kept_alive(bench):
    start(bench, "daly-can-hkms", "--pty", "tty", "--json", "--scenario", "house")
    with can.Bus(
        interface="slcan", channel=bench.path("tty"), bitrate=250000, sleep_after_open=0.2
    ) as bus:
        assert bus.recv(0.7) is None
        bus.send(can.Message(arbitration_id=0x0400FF80, is_extended_id=True, data=[0] * 8))
        topics = set()
        while message := bus.recv(0.7):
            topics.add(message.arbitration_id >> 16)
        # Two seconds later it has fallen silent.
        assert topics >= {0x0400, 0x0401, 0x0402, 0x0406, 0x0408, 0x040E}
        assert bus.recv(0.7) is None


def central(bench, name="radio"):
    """A program in the place of a Bluetooth central."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    link.settimeout(3)
    link.connect(bench.path(name))
    return link


def notifications(link, length):
    """Messages until `length` bytes have come."""
    found = []
    while sum(map(len, found)) < length:
        found.append(link.recv(600))
    return found


def test_notifications_are_cut(bench):
    simulator = start(bench, "jbd", "--bytes", "radio", "--json", "--scenario", "house")
    with central(bench) as link:
        link.send(jbd(0x04))
        pieces = notifications(link, 39)
        assert [len(piece) for piece in pieces] == [20, 19]
        cells = struct.unpack(">16H", b"".join(pieces)[4:36])
        for cell, expected in zip(cells, truth(simulator)["cell_voltages_v"]):
            assert abs(cell / 1000 - expected) <= 0.003
        # One central at a time.
        with central(bench) as second:
            assert second.recv(10) == b""
        link.send(jbd(0x05))
        assert b"JBD-SP16S020" in b"".join(notifications(link, 29))
    with central(bench) as link:
        link.send(jbd(0x05))
        assert notifications(link, 29)
    # A socket that somebody listens on is left alone.
    taken = bench.run("simulate", "jbd", "--bytes", "radio", "--for", "1s")
    assert taken.returncode == 73 and "radio" in taken.stderr


def test_longer_notifications_where_both_sides_agree(bench):
    start(bench, "jbd", "--bytes", "radio", "--piece", "200", "--json")
    with central(bench) as link:
        link.send(jbd(0x04))
        assert len(link.recv(600)) == 39


def test_a_locked_module_wants_a_login_each_time(bench):
    start(
        bench, "jbd-ffaa", "--bytes", "radio", "--json", "--password", "654321",
        "--module", "a4:c1:37:04:2d:be",
    )  # fmt: skip

    def login(link, password):
        link.send(bytes.fromhex("ffaa15063030303030303b"))
        assert link.recv(600) == bytes.fromhex("ffaa15010016")
        link.send(bytes.fromhex("ffaa170017"))
        challenge = link.recv(600)[4]
        address = bytes.fromhex("a4c137042dbe")
        hidden = bytes((a ^ p) + challenge & 0xFF for a, p in zip(address, password))
        frame = bytes([0x18, 6]) + hidden
        link.send(b"\xff\xaa" + frame + bytes([sum(frame) & 0xFF]))
        return link.recv(600)[4]

    for _ in range(2):
        with central(bench) as link:
            link.settimeout(0.6)
            link.send(jbd(0x03))
            with pytest.raises(TimeoutError):
                link.recv(600)
            assert login(link, b"000000") == 1
            assert login(link, b"654321") == 0
            link.send(jbd(0x03))
            link.settimeout(3)
            assert notifications(link, 43)[0][:2] == b"\xdd\x03"


def test_what_is_written_to_a_board_outlives_the_link(bench):
    start(bench, "jbd", "--pty", "tty", "--json")

    def ask(request, length):
        with serial.Serial(bench.path("tty"), 9600, timeout=2) as port:
            port.write(request)
            return port.read(length)

    assert ask(jbd(0x24), 7)[2] == 0x81
    assert ask(jbd(0x00, b"\x56\x78", 0x5A), 7)[2] == 0
    assert ask(jbd(0x24), 9)[4:6] == b"\x0e\x42"
    assert ask(jbd(0x24, b"\x0e\x10", 0x5A), 7)[2] == 0
    assert ask(jbd(0x24, b"\xff\xff", 0x5A), 7)[2] == 0x81
    assert ask(jbd(0x01, b"\x28\x28", 0x5A), 7)[2] == 0
    assert ask(jbd(0x00, b"\x56\x78", 0x5A), 7)[2] == 0
    assert ask(jbd(0x24), 9)[4:6] == b"\x0e\x10"


BANK = {
    "scenario": "house",
    "speed": 20,
    "batteries": [
        {"name": "a", "dialect": "jbd-up", "pty": "bus", "address": 1, "soc_pct": 60},
        {"name": "b", "dialect": "jbd-up", "pty": "bus", "address": 2, "soc_pct": 50,
         "resistance": 2, "soc_error_pct": 5},
        {"name": "c", "dialect": "daly-a5", "pty": "c", "capacity_ah": 100},
        {"name": "d", "dialect": "jbd", "tcp": 0},
    ],
}  # fmt: skip


def test_a_bank_shares_a_line_and_a_load(bench):
    bench.write(BANK, "bank.json5")
    bank = start(
        bench, "bank", "--config", "bank.json5", "--json", "--settings", "gateway.json5"
    )
    places = json.loads(bank.lines[0][1])["batteries"]
    assert [place["name"] for place in places] == ["a", "b", "c", "d"]
    assert places[3]["where"].startswith("127.0.0.1:")
    until(lambda: len(bank.lines) > 3, 10, "true states")

    def status(address):
        head = bytes([address]) + bytes.fromhex("7810 0010a0 0000".replace(" ", ""))
        with serial.Serial(bench.path("bus"), 9600, timeout=3) as port:
            port.write(head + crc16(head))
            answer = port.read(8)
            data = port.read(struct.unpack(">H", answer[6:8])[0])
            assert port.read(2) == crc16(answer + data)
            return answer[0], data

    true = truth(bank)
    for address, name, error in ((1, "a", 0), (2, "b", 5)):
        number, data = status(address)
        volts, soc = struct.unpack(">H6xH", data[:10])
        assert number == address
        assert abs(volts / 100 - true[name]["voltage_v"]) < 0.1
        assert abs(soc / 100 - error - true[name]["soc_pct"]) < 0.5
    # One voltage for all, and the fuller pack carries more.
    true = truth(bank)
    volts = [pack["voltage_v"] for pack in true.values()]
    assert max(volts) - min(volts) < 0.02
    assert true["a"]["current_a"] < true["b"]["current_a"]
    written = json.loads((bench.folder / "gateway.json5").read_text())["batteries"]
    assert [row["name"] for row in written] == ["a", "b", "c", "d"]
    assert written[1]["address"] == 2 and written[1]["link"] == {"serial": "bus"}
    again = bench.run("simulate", "bank", "--config", "bank.json5", "--settings", "gateway.json5")
    assert again.returncode == 73


def test_a_gateway_reads_a_bank_with_the_settings_it_wrote(bench):
    batteries = [
        {"name": "left", "dialect": "daly-a5", "pty": "left"},
        {"name": "right", "dialect": "jbd", "tcp": 0},
    ]
    bench.write({"scenario": "house", "batteries": batteries}, "bank.json5")
    start(bench, "bank", "--config", "bank.json5", "--json", "--settings", "cellbus.json5")
    settings = json.loads((bench.folder / "cellbus.json5").read_text())
    bench.gateway(settings | {"history": {"file": None}, "status": {"socket": "cellbus.sock"}})
    monitor = bench.monitor()

    def both():
        seen = [view["batteries"] for _, view in monitor.objects()[-1:]]
        return seen and all(pack["freshness"] == "fresh" for pack in seen[0])

    until(both, 20, "both batteries fresh")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": 1}, "colour"),
        ({"dialect": "dalyy"}, "daly-a5"),
        ({"address": 2}, "address"),
        ({"name": "a"}, "called a"),
        ({"soc_pct": 101}, "from 0 to 100"),
        ({"tcp": 1}, "one of pty"),
        ({"faults": ["silnt"]}, "fault"),
        ({"dialect": "daly-a5"}, "one language"),
    ],
    ids=lambda value: str(value),
)
def test_mistakes_in_the_file_of_a_bank_are_told(bench, change, says):
    batteries = [dict(row) for row in BANK["batteries"]]
    batteries[0] |= change
    if "name" in change:
        batteries[1]["name"] = "a"
    bench.write(BANK | {"batteries": batteries}, "bank.json5")
    answer = bench.run("simulate", "bank", "--config", "bank.json5", "--for", "1s")
    assert answer.returncode == 65, answer.stderr
    assert says in answer.stderr and "bank.json5" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["daly-a5", "--pty", "tty", "--tcp", "0"], 64, "one line"),
        (["jbd", "--module", "a4:c1"], 64, "six bytes"),
        (["daly-sinowealth", "--cells", "11"], 64, "--cells"),
        (["daly-can", "--can", "no-such-bus"], 69, "no-such-bus"),
        (["daly-a5", "--bytes", "no/such/place"], 73, "no/such/place"),
        (["bank"], 64, "--config"),
        (["bank", "--config", "absent.json5"], 66, "absent.json5"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_what_cannot_be_simulated_is_said(bench, arguments, status, says):
    answer = bench.run("simulate", *arguments, "--for", "1s")
    assert answer.returncode == status, answer.stderr
    assert says in answer.stderr
