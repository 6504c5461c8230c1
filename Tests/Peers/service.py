# SPDX-License-Identifier: Apache-2.0
"""A service manager as a test plays it, and a hand that holds one thread of a program."""

import ctypes
import os
import pathlib
import socket
import threading
import time


class Manager:
    """Listens at NOTIFY_SOCKET (sd_notify(3)) and keeps each datagram with the moment it came."""

    def __init__(self, path):
        self.path = path
        self.heard = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                text = self._socket.recv(4096).decode("utf-8")
            except OSError:
                return
            self.heard.append((time.monotonic(), text))
            if text == "":
                return

    def environment(self, watchdog=None):
        """What the manager gives a program that it starts; `watchdog` in seconds."""
        result = {"NOTIFY_SOCKET": self.path}
        if watchdog:
            result["WATCHDOG_USEC"] = str(int(watchdog * 1_000_000))
        return result

    def moments(self, text, after=float("-inf")):
        """When a line was told, such as READY=1."""
        return [at for at, said in list(self.heard) if at > after and text in said.split("\n")]

    def lines(self, start):
        """All lines that begin so."""
        return [
            line for _, said in list(self.heard) for line in said.split("\n") if line.startswith(start)
        ]

    def close(self):
        """Listens no longer."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Hold:
    """Stops one thread of a process, and no other, by ptrace(2), until the end of the block."""

    SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
    WALL = 0x40000000

    def __init__(self, process, name):
        self.thread = next(
            int(task.name)
            for task in pathlib.Path(f"/proc/{process}/task").iterdir()
            if (task / "comm").read_text().strip() == name
        )
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]

    def _ptrace(self, request):
        if self._libc.ptrace(request, self.thread, None, None) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    def __enter__(self):
        self._ptrace(self.SEIZE)
        self._ptrace(self.INTERRUPT)
        os.waitpid(self.thread, self.WALL)
        return self

    def __exit__(self, *_):
        self._ptrace(self.DETACH)
