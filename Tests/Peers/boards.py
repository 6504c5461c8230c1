# SPDX-License-Identifier: Apache-2.0
"""Boards of other makers, written from their documents and not from our code, on a pseudo-terminal."""

import os
import pty
import select
import threading
import tty


def crc16(data):
    """CRC-16/Modbus, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


class Board:
    """Answers on a pseudo-terminal whose other end stands at `path`."""

    def __init__(self, path):
        self.requests = []
        self.mute = False
        master, slave = pty.openpty()
        tty.setraw(master)
        tty.setraw(slave)
        os.symlink(os.ttyname(slave), path)
        self._master, self._slave, self._path = master, slave, path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)
        os.unlink(self._path)

    def _serve(self):
        waiting = b""
        while not self._stop.is_set():
            ready, _, _ = select.select([self._master], [], [], 0.02)
            if not ready:
                waiting = b""
                continue
            waiting += os.read(self._master, 256)
            while (length := self.length(waiting)) and len(waiting) >= length:
                request, waiting = waiting[:length], waiting[length:]
                self.requests.append(request)
                answer = None if self.mute else self.answer(request)
                if answer:
                    os.write(self._master, answer)


class JBDBoard(Board):
    """A JBD board: parameters in factory mode, live values without; the exit without keeping forgets."""

    def __init__(self, path):
        self.saved = {
            0x10: 10000, 0x11: 8000, 0x12: 3500, 0x13: 2900, 0x14: 5, 0x15: 0x2C7C, 0x16: 17, 0x17: 42,
            0x18: 3381, 0x19: 3281, 0x1A: 2731, 0x1B: 2781, 0x1C: 3431, 0x1D: 3331, 0x1E: 2531,
            0x1F: 2581, 0x20: 5840, 0x21: 5600, 0x22: 4000, 0x23: 4480, 0x24: 3650, 0x25: 3500,
            0x26: 2500, 0x27: 2800, 0x28: 10000, 0x29: 0xD508, 0x2A: 3400, 0x2B: 15, 0x2C: 10, 0x2D: 6,
            0x2E: 7, 0x2F: 16, 0x30: 5, 0x31: 5, 0x32: 3330, 0x33: 3300, 0x34: 3280, 0x35: 3200,
            0x36: 3750, 0x37: 2300, 0x38: 0x1A67, 0x39: 0x5020, 0x3A: 0x0202, 0x3B: 0x0202,
            0x3C: 0x0202, 0x3D: 0x0202, 0x3E: 0x0520, 0x3F: 0x0520,
        }
        self.saved = {key: value.to_bytes(2, "big") for key, value in self.saved.items()}
        self.saved |= {0xA0: b"\x03JBD", 0xA1: b"\x05front", 0xA2: b"\x08A1234567"}
        self.used = dict(self.saved)
        self.open = False
        self.entries = 0
        self.off = 0
        self.held = 0
        self.protections = 0
        self.remaining = 5000
        super().__init__(path)

    @staticmethod
    def length(data):
        return data[3] + 7 if len(data) >= 4 else None

    def answer(self, request):
        body = request[2:-3]
        assert (sum(body) + int.from_bytes(request[-3:-1], "big")) & 0xFFFF == 0, request.hex()
        register, data = request[2], request[4:-3]
        status, told = self.read(register) if request[1] == 0xA5 else (self.write(register, data), b"")
        inner = bytes([status, len(told)]) + told
        return bytes([0xDD, register]) + inner + (-sum(inner) & 0xFFFF).to_bytes(2, "big") + b"\x77"

    def read(self, register):
        if register == 0x03:
            full = int.from_bytes(self.used[0x10], "big")
            off = self.off | self.held
            bits = self.protections | (0x1000 if self.off else 0)
            words = [5300, 0, self.remaining, full, 42, 0x2C7C, 0, 0, bits]
            tail = [0x80, self.remaining * 100 // full, (off & 1 ^ 1) | (off & 2 ^ 2), 16, 2]
            return 0, b"".join(word.to_bytes(2, "big") for word in words) + bytes(tail) + bytes(
                [0x0B, 0xA5, 0x0B, 0xAF])
        if register == 0x04:
            return 0, (3312).to_bytes(2, "big") * 16
        if register == 0x05:
            return 0, b"JBD-SP16"
        if not self.open:
            return 0x81, b""
        return (0, self.used[register]) if register in self.used else (0x80, b"")

    def write(self, register, data):
        if register == 0x00:
            self.open = data == b"\x56\x78"
            self.entries += 1
        elif register == 0x01:
            if data == b"\x28\x28":
                self.saved = dict(self.used)
            else:
                self.used = dict(self.saved)
            self.open = False
        elif register == 0xE1:
            self.off = data[1]
        elif not self.open:
            return 0x81
        elif register == 0xE0:
            self.remaining = int.from_bytes(data, "big")
        elif register not in self.used:
            return 0x80
        else:
            self.used[register] = data
        return 0


class DalyBoard(Board):
    """A Daly board that answers at 0xD2."""

    def __init__(self, path):
        self.registers = {number: 0 for number in [*range(0x3E), *range(0x80, 0xA9), 0xCF, 0xF0]}
        self.registers |= {number: 3300 for number in range(16)}
        self.registers |= {
            0x20: 60, 0x28: 528, 0x29: 30000, 0x2A: 500, 0x2B: 3300, 0x2C: 3300, 0x2D: 60, 0x2E: 60,
            0x37: 3300, 0x30: 500, 0x31: 16, 0x32: 1, 0x35: 1, 0x36: 1,
            0x80: 1000, 0x81: 3200, 0x8A: 3600, 0x8B: 3550, 0x8C: 3650, 0x8D: 2800, 0x8E: 2500,
            0x8F: 568, 0x90: 584, 0x91: 448, 0x92: 400, 0x93: 29900, 0x94: 29900, 0x95: 29840,
            0x96: 30160, 0x97: 95, 0x98: 105, 0x99: 45, 0x9A: 40, 0x9B: 95, 0x9C: 105, 0x9D: 25,
            0x9E: 20, 0x9F: 300, 0xA0: 500, 0xA1: 10, 0xA2: 15, 0xA3: 3400, 0xA4: 20, 0xA5: 1,
            0xA6: 1, 0xA8: 130, 0xCF: 1,
        }
        self.stubborn = set()
        super().__init__(path)

    @staticmethod
    def length(data):
        return 8 if data else None

    def answer(self, request):
        assert crc16(request[:-2]) == request[-2:], request.hex()
        first, second = (int.from_bytes(request[at : at + 2], "big") for at in (2, 4))
        if request[1] == 6:
            if first not in self.registers:
                return None
            if first not in self.stubborn:
                self.registers[first] = second
                live = {0xA5: 0x35, 0xA6: 0x36, 0xA7: 0x2A}.get(first)
                if live:
                    self.registers[live] = second
            return request
        if any(number not in self.registers for number in range(first, first + second)):
            return None
        data = b"".join(
            self.registers[number].to_bytes(2, "big") for number in range(first, first + second))
        answer = bytes([0xD2, 3, len(data)]) + data
        return answer + crc16(answer)
