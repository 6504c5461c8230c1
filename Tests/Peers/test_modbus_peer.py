# SPDX-License-Identifier: Apache-2.0
"""Two Modbus masters that know nothing of Cellbus read and write the simulated TinyBMS.

Slave 170, functions 3 and 16, 32-bit values low word first (TinyBMS Communication Protocols
Rev D 1.3).
"""

import json

import minimalmodbus
import pytest
import serial
from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient

from bench import until

SLAVE = 170
CELLS = 16


class MinimalModbus:
    """A master of the package minimalmodbus."""

    refusal = (minimalmodbus.ModbusException, OSError)

    def __init__(self, port):
        self.unit = minimalmodbus.Instrument(port, SLAVE)
        self.unit.serial.baudrate = 115200
        self.unit.serial.timeout = 0.4

    def words(self, address, count):
        return self.unit.read_registers(address, count)

    def number(self, address):
        return self.unit.read_float(address, byteorder=minimalmodbus.BYTEORDER_LITTLE_SWAP)

    def long(self, address):
        return self.unit.read_long(address, byteorder=minimalmodbus.BYTEORDER_LITTLE_SWAP)

    def write(self, address, words):
        self.unit.write_registers(address, words)

    def close(self):
        self.unit.serial.close()


class PyModbus:
    """A master of the package pymodbus."""

    refusal = (ModbusException,)

    def __init__(self, port):
        self.unit = ModbusSerialClient(
            port, framer=FramerType.RTU, baudrate=115200, timeout=0.4, retries=0
        )
        assert self.unit.connect()

    def words(self, address, count):
        answer = self.unit.read_holding_registers(address, count=count, device_id=SLAVE)
        assert not answer.isError(), answer
        return answer.registers

    def number(self, address):
        return self._convert(address, self.unit.DATATYPE.FLOAT32)

    def long(self, address):
        return self._convert(address, self.unit.DATATYPE.UINT32)

    def _convert(self, address, kind):
        return self.unit.convert_from_registers(self.words(address, 2), kind, word_order="little")

    def write(self, address, words):
        answer = self.unit.write_registers(address, words, device_id=SLAVE)
        if answer.isError():
            raise ModbusException(str(answer))

    def close(self):
        self.unit.close()


@pytest.fixture
def simulator(bench):
    """A battery that charges at its own will."""
    return bench.simulator("--seed", "11")


@pytest.fixture(params=[MinimalModbus, PyModbus], ids=["minimalmodbus", "pymodbus"])
def master(request, bench, simulator):
    """Each master in turn, on the battery's port."""
    master = request.param(bench.path("tty"))
    yield master
    master.close()


def within(value, states, key, margin):
    """Whether a value lies among the true ones, or no further beside them than `margin`."""
    true = [key(state) for state in states]
    return min(true) - margin <= value <= max(true) + margin


def test_values_are_those_of_the_pack(bench, simulator, master):
    until(lambda: len(simulator.lines) >= 3, 5, "a few seconds of charging")
    cells = master.words(0, CELLS)
    voltage, current, soc = master.number(36), master.number(38), master.long(46)
    lowest, highest = master.words(40, 2)
    assert master.words(53, 1) == [CELLS]
    states = simulator.around(simulator.lines[-1][0])
    master.close()

    for index, cell in enumerate(cells):
        assert within(
            cell / 10_000, states, lambda state: state["cell_voltages_v"][index], 0.005
        ), index
    assert within(voltage, states, lambda state: state["voltage_v"], 0.05)
    assert within(current, states, lambda state: state["current_a"], 0.5)
    assert within(soc / 1_000_000, states, lambda state: state["soc_pct"], 0.05)
    assert within(lowest / 1000, states, lambda state: min(state["cell_voltages_v"]), 0.005)
    assert within(highest / 1000, states, lambda state: max(state["cell_voltages_v"]), 0.005)

    answer = bench.run("read", "--port", "tty", "--json")
    assert answer.returncode == 0, answer.stderr
    reading = json.loads(answer.stdout)["reading"]
    states = states + simulator.around(simulator.lines[-1][0])
    assert within(reading["voltage_v"], states, lambda state: state["voltage_v"], 0.05)
    assert within(reading["current_a"], states, lambda state: state["current_a"], 0.5)
    assert within(reading["soc_pct"], states, lambda state: state["soc_pct"], 0.05)
    assert abs(reading["soc_pct"] - soc / 1_000_000) < 0.05
    assert len(reading["cell_voltages_v"]) == CELLS
    for mine, theirs in zip(reading["cell_voltages_v"], cells):
        assert abs(mine - theirs / 10_000) < 0.05


def test_settings_are_written_and_read_back(bench, master):
    before = master.words(300, 44)
    assert before[315 - 300] == 3650 and before[307 - 300] == CELLS
    master.write(315, [3600, 2550])

    def read_back():
        # For half a second to a second after a write the unit hears nothing.
        try:
            return master.words(315, 2)
        except (*master.refusal, AssertionError):
            return None

    assert until(read_back, 4, "an answer after the pause") == [3600, 2550]
    after = master.words(300, 44)
    assert [index for index in range(44) if before[index] != after[index]] == [15, 16]


def test_a_refusal_is_an_error_and_changes_nothing(master):
    before = master.words(300, 44)
    with pytest.raises(master.refusal):
        master.write(400, [1])
    # Rule of the unit: the over-voltage cutoff lies above the fully charged voltage.
    with pytest.raises(master.refusal):
        master.write(315, [2600])
    assert master.words(300, 44) == before


def test_a_refusal_is_the_makers_frame(bench, simulator):
    """No Modbus exception but `AA 00 command error`; the checksum is computed by minimalmodbus."""
    request = bytes([SLAVE, 16, 400 >> 8, 400 & 0xFF, 0, 1, 2, 0, 1])
    with serial.Serial(bench.path("tty"), 115200, timeout=0.5) as port:
        port.write(request + minimalmodbus._calculate_crc(request))
        answer = port.read(7)
    nack = bytes([0xAA, 0, 0x10, 0])
    assert answer == nack + minimalmodbus._calculate_crc(nack)
