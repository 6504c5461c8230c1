# SPDX-License-Identifier: Apache-2.0
"""A battery with registers that pymodbus answers for, on a network and on a serial line."""

import asyncio
import os
import select
import struct
import threading
import tty

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

UNIT = 5
CELLS = [3312, 3309, 3315, 3307, 3311, 3310, 3313, 3308]
VOLTAGE = 2649


def device():
    """Eight cells: live values at 0x100, cells at 0x200, a text at 0x300; holding registers."""
    live = [
        VOLTAGE,  # 0.01 V
        struct.unpack(">H", struct.pack(">h", 154))[0],  # 0.1 A, counts up while it discharges
        62,  # %
        *struct.unpack("<HH", struct.pack("<I", 173_600)),  # mAh, low word first
        0b01,  # switches
        0b10,  # alarms
        len(CELLS),
    ]
    temperatures = [2731 + 214, 0, 2731 - 45]
    serial = [int.from_bytes(b"PYMODBUS"[index : index + 2], "big") for index in range(0, 8, 2)]
    return SimDevice(
        UNIT,
        simdata=[
            SimData(0x100, values=live, datatype=DataType.REGISTERS),
            SimData(0x200, values=CELLS + [0] * 8 + temperatures, datatype=DataType.REGISTERS),
            SimData(0x300, values=serial, datatype=DataType.REGISTERS),
        ],
    )


MAP = """{
  dialects: {
    "peer-battery": {
      title: "Peer's battery", unit: 5, baud: 19200,
      blocks: [
        { address: 0x100, count: 8 },
        { address: 0x200, count: 19 },
        { address: 0x300, count: 4, every_s: 0 },
        // Some batteries of the kind have more; this one refuses.
        { address: 0x400, count: 3, every_s: 60, optional: true },
      ],
      rows: [
        { address: 0x100, point: "voltage_v", scale: 0.01 },
        { address: 0x101, point: "current_a", type: "s16", scale: -0.1 },
        { address: 0x102, point: "soc_pct" },
        { address: 0x103, point: "remaining_ah", type: "u32", word_order: "low_first", scale: 0.001 },
        { address: 0x105, point: "charge_enabled", bit: 0 },
        { address: 0x105, point: "discharge_enabled", bit: 1 },
        { address: 0x106, alarms: { "0": "cell_overvoltage", "1": "discharge_overtemperature" } },
        { address: 0x107, point: "cell_count" },
        { address: 0x200, cells: 16, scale: 0.001, absent: [0] },
        { address: 0x210, temperatures: 3, scale: 0.1, offset: -2731, absent: [0] },
        { address: 0x300, identity: "serial", type: "text", count: 4 },
        { address: 0x400, point: "soh_pct" },
      ],
    },
  },
%s}
"""


class Server:
    """A server of pymodbus in a thread of its own."""

    def __init__(self, make):
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        asyncio.set_event_loop(self._loop)

        async def serve():
            self.server = self._make()
            await self.server.serve_forever(background=True)
            self._ready.set()

        self._loop.run_until_complete(serve())
        self._loop.run_forever()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10), "the server's start"
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.server.shutdown(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


def on_network(port):
    """The battery behind Modbus TCP on this machine."""
    return Server(lambda: ModbusTcpServer(device(), address=("127.0.0.1", port)))


def on_line(port):
    """The battery on a serial port."""
    return Server(
        lambda: ModbusSerialServer(device(), framer=FramerType.RTU, port=port, baudrate=19200)
    )


class Wire:
    """Two pseudo-terminals joined back to back."""

    def __enter__(self):
        self._masters, slaves = zip(*(os.openpty() for _ in range(2)))
        for descriptor in (*self._masters, *slaves):
            tty.setraw(descriptor)
        self._slaves = slaves
        self.ends = [os.ttyname(slave) for slave in slaves]
        self._stop, stopper = os.pipe()
        self._stopper = stopper
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def _carry(self):
        other = dict(zip(self._masters, reversed(self._masters)))
        while True:
            ready, _, _ = select.select([*self._masters, self._stop], [], [])
            if self._stop in ready:
                return
            for descriptor in ready:
                os.write(other[descriptor], os.read(descriptor, 4096))

    def __exit__(self, *_):
        os.write(self._stopper, b"x")
        self._thread.join(5)
        for descriptor in (*self._masters, *self._slaves, self._stop, self._stopper):
            os.close(descriptor)
