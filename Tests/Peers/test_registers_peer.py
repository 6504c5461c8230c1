# SPDX-License-Identifier: Apache-2.0
"""Batteries with registers: independent masters read our simulated ones, and our register maps read an
independent server.
"""

import json
import socket

import minimalmodbus
import pytest
import serial
from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient
from pymodbus.framer import FramerRTU

from bench import Simulator, until
from registers import CELLS, MAP, VOLTAGE, Wire, on_line, on_network


def simulate(bench, name, *arguments):
    """Starts a simulated battery with registers on `tty`."""
    program = bench.start(
        name, "simulate", name, "--pty", "tty", "--json", *arguments, kind=Simulator
    )
    until(lambda: program.lines or not program.is_running, 10, "the simulator's first line")
    assert program.is_running, program.log
    return program


class MinimalModbus:
    """A master of the package minimalmodbus."""

    def __init__(self, port, unit, baud):
        self.device = minimalmodbus.Instrument(port, unit)
        self.device.serial.baudrate = baud
        self.device.serial.timeout = 1

    def words(self, address, count):
        return self.device.read_registers(address, count)

    def write(self, address, word):
        self.device.write_register(address, word, functioncode=6)

    def close(self):
        self.device.serial.close()


class PyModbus:
    """A master of the package pymodbus."""

    def __init__(self, port, unit, baud):
        self.unit = unit
        self.device = ModbusSerialClient(
            port, framer=FramerType.RTU, baudrate=baud, timeout=1, retries=0
        )
        assert self.device.connect()

    def words(self, address, count):
        answer = self.device.read_holding_registers(address, count=count, device_id=self.unit)
        assert not answer.isError(), answer
        return answer.registers

    def write(self, address, word):
        answer = self.device.write_register(address, word, device_id=self.unit)
        assert not answer.isError(), answer

    def close(self):
        self.device.close()


MASTERS = pytest.mark.parametrize("kind", [MinimalModbus, PyModbus], ids=["minimal", "pymodbus"])


def check_pack(states, cells, voltage, current, soc):
    """What a master read, against the true states about that moment."""

    def near(value, key, margin):
        true = [key(state) for state in states]
        assert min(true) - margin <= value <= max(true) + margin

    for index, cell in enumerate(cells):
        near(cell / 1000, lambda state: state["cell_voltages_v"][index], 0.005)
    near(voltage, lambda state: state["voltage_v"], 0.1)
    near(current, lambda state: state["current_a"], 0.6)
    near(soc, lambda state: state["soc_pct"], 1)


@MASTERS
def test_a_daly_d2_is_read_and_switched(bench, kind):
    simulator = simulate(bench, "daly-d2", "--seed", "3")
    master = kind(bench.path("tty"), 0xD2, 9600)
    words = master.words(0, 62)
    assert words[0x31] == 16
    check_pack(
        simulator.around(simulator.lines[-1][0]), words[:16], words[0x28] / 10,
        (words[0x29] - 30000) / 10, words[0x2A] / 10,
    )
    assert words[0x36] == 1
    master.write(0xA6, 0)
    until(lambda: master.words(0x35, 2)[1] == 0, 5, "the discharge switch open")
    # A board is silent where it has no register.
    with pytest.raises((minimalmodbus.NoResponseError, ModbusException, AssertionError)):
        master.words(0x300, 1)
    master.close()


@MASTERS
def test_the_newer_daly_answers_nobody_who_is_strict(bench, kind):
    simulate(bench, "daly-81")
    master = kind(bench.path("tty"), 0x81, 9600)
    with pytest.raises((minimalmodbus.InvalidResponseError, ModbusException, AssertionError)):
        master.words(0, 64)
    master.close()
    request = bytes([0x81, 3, 0, 0, 0, 64])
    with serial.Serial(bench.path("tty"), 9600, timeout=2) as port:
        port.write(request + FramerRTU.compute_CRC(request).to_bytes(2, "big"))
        answer = port.read(133)
    assert answer[:3] == bytes([0x51, 3, 128])
    assert FramerRTU.compute_CRC(answer[:-2]).to_bytes(2, "big") == answer[-2:]
    mine = json.loads(bench.run("read", "--dialect", "daly-81", "--port", "tty", "--json").stdout)
    cells = [int.from_bytes(answer[3 + 2 * index : 5 + 2 * index], "big") for index in range(16)]
    for cell, told in zip(mine["reading"]["cell_voltages_v"], cells):
        assert abs(cell - told / 1000) < 0.05


@MASTERS
def test_a_jk_is_woken_and_read(bench, kind):
    simulator = simulate(bench, "jk-modbus", "--seed", "5")
    master = kind(bench.path("tty"), 1, 115200)
    with pytest.raises((minimalmodbus.NoResponseError, ModbusException, AssertionError)):
        master.words(0x1200, 34)
    master.close()
    trigger = bytes([1, 0x10, 0x16, 0x20, 0, 1, 2, 0, 0])
    with serial.Serial(bench.path("tty"), 115200, timeout=2) as port:
        port.write(trigger + FramerRTU.compute_CRC(trigger).to_bytes(2, "big"))
        frame = port.read(310)
    assert len(frame) == 310 and frame[:5] == bytes([0x55, 0xAA, 0xEB, 0x90, 2])
    assert sum(frame[:299]) & 0xFF == frame[299]
    master = kind(bench.path("tty"), 1, 115200)
    cells = master.words(0x1200, 34)
    status = master.words(0x128A, 29)
    master.close()
    assert cells[32:] == [0, 0xFFFF] and cells[16:32] == [0] * 16

    def long(address):
        place = (address - 0x128A) // 2
        value = status[place] << 16 | status[place + 1]
        return value - (1 << 32) if value >> 31 else value

    soc = status[(0x12A6 - 0x128A) // 2] & 0xFF
    check_pack(
        simulator.around(simulator.lines[-1][0]), cells[:16], long(0x1290) / 1000,
        long(0x1298) / 1000, soc,
    )


@pytest.mark.parametrize("dialect", ["daly-d2", "daly-81", "jk-modbus"])
def test_the_simulated_ones_are_read_by_us(bench, dialect):
    simulator = simulate(bench, dialect)
    answer = bench.run("read", "--dialect", dialect, "--port", "tty", "--json")
    assert answer.returncode == 0, answer.stderr
    reading = json.loads(answer.stdout)["reading"]
    states = simulator.around(simulator.lines[-1][0])
    check_pack(
        states, [1000 * cell for cell in reading["cell_voltages_v"]], reading["voltage_v"],
        reading["current_a"], reading["soc_pct"],
    )


def check_peer(reading):
    assert reading["voltage_v"] == VOLTAGE / 100
    assert reading["current_a"] == -15.4
    assert reading["soc_pct"] == 62
    assert reading["remaining_ah"] == 173.6
    assert reading["charge_enabled"] is True and reading["discharge_enabled"] is False
    assert reading["alarms"] == ["discharge_overtemperature"]
    assert reading["cell_voltages_v"] == [cell / 1000 for cell in CELLS]
    assert reading["cell_count"] == len(CELLS)
    assert reading["temperatures_c"] == [21.4, None, -4.5]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def write_map(bench, batteries=""):
    (bench.folder / "own.json5").write_text(MAP % batteries, encoding="utf-8")


def test_a_map_reads_an_independent_server_on_a_network(bench):
    write_map(bench)
    port = free_port()
    with on_network(port):
        answer = bench.run(
            "read", "--map", "own.json5", "--modbus-tcp", f"127.0.0.1:{port}", "--json"
        )
    assert answer.returncode == 0, answer.stderr
    reading = json.loads(answer.stdout)["reading"]
    check_peer(reading)
    assert reading["serial"] == "PYMODBUS"
    assert "soh_pct" not in reading


def test_a_map_reads_an_independent_server_on_a_serial_line(bench):
    write_map(bench)
    with Wire() as wire, on_line(wire.ends[0]):
        answer = bench.run(
            "read", "--map", "own.json5", "--port", wire.ends[1], "--json", "--record", "own.log"
        )
    assert answer.returncode == 0, answer.stderr
    check_peer(json.loads(answer.stdout)["reading"])
    # What was recorded reads back by the same map, and every exchange is explained.
    replayed = bench.run("replay", "own.log", "--map", "own.json5", "--json")
    assert replayed.returncode == 0, replayed.stderr
    exchanges = bench.run("replay", "own.log", "--map", "own.json5", "--exchanges")
    decoded = bench.run("decode", "--map", "own.json5", "-", text=exchanges.stdout)
    lines = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert any(line.get("reading", {}).get("voltage_v") == VOLTAGE / 100 for line in lines)
    assert any("code 2" in line.get("error", {}).get("message", "") for line in lines)


def test_a_gateway_reads_by_a_map(bench):
    port = free_port()
    write_map(
        bench,
        """  batteries: [{ name: "pack", dialect: "peer-battery", link: { modbus_tcp: "127.0.0.1:%d" } }],
  history: { file: null }, status: { socket: "cellbus.sock" },
"""
        % port,
    )
    (bench.folder / "own.json5").rename(bench.folder / "cellbus.json5")
    checked = bench.run("check")
    assert checked.returncode == 0, checked.stdout
    with on_network(port):
        gateway = bench.start("gateway", "gateway", "--config", "cellbus.json5")
        until(lambda: (bench.folder / "cellbus.sock").exists(), 10, "the gateway's status socket")

        def reading():
            return bench.view()["batteries"][0].get("reading", {}).get("voltage_v")

        until(lambda: reading() == VOLTAGE / 100, 10, "a reading by the map")
        assert bench.view()["batteries"][0]["dialect"] == "peer-battery"
        assert gateway.end() == 0, gateway.log


def test_the_simulator_speaks_a_map(bench):
    write_map(bench)
    simulator = simulate(bench, "map", "--map", "own.json5")
    master = MinimalModbus(bench.path("tty"), 5, 19200)
    assert abs(master.words(0x100, 1)[0] / 100 - simulator.truth()[-1][1]["voltage_v"]) < 2
    with pytest.raises(minimalmodbus.IllegalRequestError):
        master.words(0x800, 1)
    master.close()
    answer = bench.run("read", "--map", "own.json5", "--port", "tty", "--json")
    assert answer.returncode == 0, answer.stderr
    assert len(json.loads(answer.stdout)["reading"]["cell_voltages_v"]) == 16


def test_mistakes_in_a_map_are_told_with_their_place(bench):
    write_map(bench)
    text = (bench.folder / "own.json5").read_text(encoding="utf-8")
    for found, changed, words in [
        ('"voltage_v"', '"voltage"', 'did you mean "voltage_v"?'),
        ("scale: 0.001, absent: [0] },\n        { address: 0x210", "scale: 1 },\n        { address: 0x210", "millivolts"),
        ("address: 0x107", "address: 0x106", "alarms begins at 0x0106"),
        ("address: 0x107", "address: 0x180", "0x0100 to 0x0107"),
        ("count: 19", "count: 8", "a count of its own"),
        ("temperatures: 3", "temperatures: 4", "0x0200 to 0x0212 only"),
        ('"1": "discharge', '"x": "discharge', 'the number of a bit'),
    ]:
        assert found in text, found
        (bench.folder / "bad.json5").write_text(text.replace(found, changed, 1), encoding="utf-8")
        answer = bench.run("read", "--map", "bad.json5", "--port", "nowhere")
        assert answer.returncode != 0
        assert words in answer.stderr and "line " in answer.stderr, answer.stderr
        checked = bench.run("check", "bad.json5")
        assert checked.returncode == 1 and words in checked.stdout, checked.stdout


def test_the_example_is_good_and_runs(bench, repository):
    example = str(repository / "deploy" / "examples" / "trackingbms.json5")
    checked = bench.run("check", example)
    assert checked.returncode == 0, checked.stdout
    simulate(bench, "map", "--map", example)
    answer = bench.run("read", "--map", example, "--port", "tty", "--json")
    assert answer.returncode == 0, answer.stderr
    reading = json.loads(answer.stdout)["reading"]
    assert len(reading["cell_voltages_v"]) == 16 and "soh_pct" in reading
