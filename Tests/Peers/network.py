# SPDX-License-Identifier: Apache-2.0
"""Programs on the network that know nothing of Cellbus, and a network that can be broken."""

import asyncio
import os
import shutil
import socket
import struct
import subprocess
import threading

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from bench import until

UNIT = 170


def free_port():
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def program(name):
    """The path of a program; a test without it is skipped, aloud."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is not installed: NOT tried against it (scripts/setup installs it)")
    return path


def words32(number):
    """Two registers, the low word first."""
    return [number & 0xFFFF, number >> 16]


def words_float(number):
    """Two registers, the low word first."""
    return words32(struct.unpack(">I", struct.pack(">f", number))[0])


class ModbusServer:
    """A server of the package pymodbus with the registers of a TinyBMS on a pack of 16 cells."""

    def __init__(self, port):
        live = [33400 + index for index in range(16)] + [0] * 16
        live += words32(86400) + words32(3600) + words_float(53.44) + words_float(-7.25)
        live += [3340, 3342, 251, 0x8000, 0, 49000] + words32(55_123_456) + [263, 0, 0x93, 0, 0, 16]
        settings = [0] * 44
        settings[0:2] = [3450, 2900]
        settings[6:8] = [10000, 16]
        settings[15:21] = [3650, 2500, 100, 60, 60, 2]
        registers = {0: live, 100: [0] * 18, 200: [0] * 98, 300: settings, 500: list(range(1, 11))}
        self._port = port
        self._device = SimDevice(
            UNIT,
            [
                SimData(address, values=values, datatype=DataType.REGISTERS)
                for address, values in registers.items()
            ],
        )
        self._loop = asyncio.new_event_loop()
        self._server = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        asyncio.set_event_loop(self._loop)

        async def serve():
            self._server = ModbusTcpServer(self._device, address=("127.0.0.1", self._port))
            await self._server.serve_forever()

        self._loop.run_until_complete(serve())

    def __enter__(self):
        self._thread.start()
        until(lambda: answers(self._port), 10, "a Modbus server")
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(10)
        self._thread.join(10)


class Island:
    """A network of its own, with nothing on it but the loopback interface, which can be cut."""

    def __init__(self):
        # What the shell echoes tells that the network is there.
        self._holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"]
            + ["ip link set lo up && echo ready && exec sleep 600"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self._holder.stdout.readline() != "ready\n":
            self.close()
            pytest.skip("no network of its own here: half-open connections were NOT tried")

    def command(self, *arguments):
        """A command as it is run on the island."""
        pid = str(self._holder.pid)
        return ["nsenter", "--target", pid, "--user", "--net", "--preserve-credentials", *arguments]

    def run(self, *arguments, seconds=20):
        """Runs a command on the island to its end."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def set(self, state):
        """Cuts the network (`down`), or joins it (`up`): nobody is told of it."""
        done = self.run("ip", "link", "set", "lo", state)
        assert done.returncode == 0, done.stderr

    def close(self):
        """Ends the island."""
        self._holder.kill()
        self._holder.communicate()
