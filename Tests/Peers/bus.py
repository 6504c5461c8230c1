# SPDX-License-Identifier: Apache-2.0
"""CAN over serial-line adapters (LAWICEL), as a test sees it: an adapter of its own, or a tap."""

import fcntl
import os
import pty
import select
import threading
import time
import tty
from typing import NamedTuple


class Frame(NamedTuple):
    """A frame of 11 bits and the moment (monotonic) at which it was seen."""

    at: float
    id: int
    data: bytes

    @classmethod
    def parse(cls, line, at):
        """The frame of a `t` line; None for any other line."""
        if line[:1] != b"t" or len(line) < 5:
            return None
        length = int(line[4:5])
        return cls(at, int(line[1:4], 16), bytes.fromhex(line[5 : 5 + 2 * length].decode("ascii")))

    @property
    def line(self):
        """The `t` line of the frame."""
        return b"t%03X%d%s\r" % (self.id, len(self.data), self.data.hex().upper().encode("ascii"))


class Line:
    """A pseudo-terminal under a link, whose other end belongs to the test; closing hangs up."""

    def __init__(self, link):
        self.link = link
        self.end, self._terminal = pty.openpty()
        tty.setraw(self._terminal)
        fcntl.fcntl(self.end, fcntl.F_SETFL, os.O_NONBLOCK)
        if os.path.islink(link):
            os.unlink(link)
        os.symlink(os.ttyname(self._terminal), link)
        self._waker, self._alarm = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self):
        """Starts to listen; what is heard goes to `hear`."""
        self._thread.start()
        return self

    def __enter__(self):
        return self.begin()

    def __exit__(self, *_):
        self.close()

    def write(self, data, descriptor=None):
        """Sends bytes; what nobody takes is lost, as on a wire."""
        try:
            os.write(self.end if descriptor is None else descriptor, data)
        except BlockingIOError:
            pass

    def sources(self):
        """The descriptors to listen to."""
        return [self.end]

    def hear(self, source, data):
        """Takes what came from a descriptor."""
        raise NotImplementedError

    def _run(self):
        while True:
            ready, _, _ = select.select([*self.sources(), self._waker], [], [])
            if self._waker in ready:
                return
            for source in ready:
                try:
                    data = os.read(source, 4096)
                except BlockingIOError:
                    continue
                except OSError:
                    return
                self.hear(source, data)

    def close(self):
        """Hangs up and takes the link away; may be called again."""
        if self._alarm is None:
            return
        os.write(self._alarm, b"x")
        self._thread.join()
        for descriptor in (self.end, self._terminal, self._waker, self._alarm):
            os.close(descriptor)
        self._alarm = None
        if os.path.islink(self.link):
            os.unlink(self.link)


class Adapter(Line):
    """Plays a serial-line adapter for a host, whose frames it keeps and passes to `peer`."""

    def __init__(self, link):
        super().__init__(link)
        self.frames = []
        self.opened = []
        self.peer = None
        self._rest = b""

    def send(self, identifier, data):
        """Sends a frame from the bus to the host."""
        self.write(Frame(0, identifier, data).line)

    def hear(self, source, data):
        now = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\r")
        for line in lines:
            frame = Frame.parse(line, now)
            if line == b"O":
                self.opened.append(now)
            if frame is None:
                self.write(b"\r")
                continue
            self.frames.append(frame)
            self.write(b"z\r")
            if self.peer:
                self.peer.write(frame.line)


class Tap(Line):
    """Stands between a host and a real adapter: passes all on, and keeps the host's frames."""

    def __init__(self, link, adapter):
        super().__init__(link)
        self.frames = []
        self.opened = []
        self._adapter = os.open(adapter, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._adapter)
        self._rest = b""

    def sources(self):
        return [self.end, self._adapter]

    def hear(self, source, data):
        if source == self._adapter:
            return self.write(data)
        now = time.monotonic()
        self.write(data, self._adapter)
        *lines, self._rest = (self._rest + data).split(b"\r")
        for line in lines:
            if line == b"O":
                self.opened.append(now)
            frame = Frame.parse(line, now)
            if frame:
                self.frames.append(frame)

    def close(self):
        super().close()
        if self._adapter is not None:
            os.close(self._adapter)
            self._adapter = None


def latest(frames, identifier):
    """The newest frame with an identifier; None if there is none."""
    return next((frame for frame in reversed(list(frames)) if frame.id == identifier), None)
