# SPDX-License-Identifier: Apache-2.0
"""The live view in a real terminal: draws, follows a new size, and leaves all as it was."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from bench import settings, until

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


class Terminal:
    """A terminal of a test with a program in its foreground."""

    def __init__(self, command, folder, rows, columns):
        self.end, self.inside = pty.openpty()
        self.text = ""
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.inside)
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=self.inside,
            stdout=self.inside,
            stderr=self.inside,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(5)
        os.close(self.end)
        os.close(self.inside)

    def resize(self, rows, columns):
        """Changes the size; the kernel tells the program."""
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        """Takes what was drawn; gives all of it so far."""
        while select.select([self.end], [], [], 0.02)[0]:
            self.text += os.read(self.end, 65_536).decode("utf-8", "replace")
        return self.text

    def screen(self):
        """The lines of the last whole drawing, without colours."""
        drawings = [part for part in self.read().split("\x1b[H")[1:] if part.endswith("\x1b[J")]
        if not drawings:
            return []
        # The terminal itself puts a return before each new line, too.
        return [ESCAPE.sub("", line).rstrip("\r") for line in drawings[-1].split("\n")]

    def press(self, keys):
        """Types."""
        os.write(self.end, keys)


@pytest.fixture
def gateway(bench):
    """A gateway with one battery that can be watched."""
    bench.simulator("--seed", "23")
    gateway = bench.gateway(settings())
    until(lambda: os.path.exists(bench.path("cellbus.sock")), 5, "the status socket")
    return gateway


def is_live(terminal):
    """Whether the view shows a fresh battery."""
    text = "\n".join(terminal.screen())
    return "Cellbus" in text and "fresh" in text and "16 3." in text and "BULK" in text


def fits(terminal, rows, columns):
    """Whether the last drawing fits a size."""
    lines = terminal.screen()
    return lines and len(lines) <= rows and all(len(line) <= columns for line in lines)


def test_the_view_draws_follows_and_restores(bench, gateway):
    with Terminal([bench.cellbus, "monitor"], bench.folder, 40, 120) as terminal:
        until(lambda: is_live(terminal), 8, "a live view")
        assert terminal.text.startswith(ENTER) and HIDE in terminal.text
        assert fits(terminal, 40, 120) and max(map(len, terminal.screen())) > 60
        local = termios.tcgetattr(terminal.inside)[3]
        assert not local & termios.ECHO and not local & termios.ICANON

        terminal.resize(12, 50)
        until(lambda: fits(terminal, 12, 50), 3, "a view of the new size")
        assert any("Cellbus" in line for line in terminal.screen())
        terminal.resize(60, 132)
        until(
            lambda: len(terminal.screen()) > 15 and fits(terminal, 60, 132),
            3,
            "a view that is large again",
        )

        terminal.press(b"\t")
        terminal.press(b"q")
        assert terminal.process.wait(3) == 0
        assert terminal.read().rstrip().endswith(SHOW + LEAVE)
        assert termios.tcgetattr(terminal.inside) == terminal.before
    assert gateway.is_running


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_signal_restores_the_terminal_too(bench, gateway, number):
    with Terminal([bench.cellbus, "monitor"], bench.folder, 30, 100) as terminal:
        until(lambda: is_live(terminal), 8, "a live view")
        if number == signal.SIGINT:
            terminal.press(b"\x03")
        else:
            terminal.process.send_signal(number)
        assert terminal.process.wait(3) == 0
        assert terminal.read().rstrip().endswith(SHOW + LEAVE)
        assert termios.tcgetattr(terminal.inside) == terminal.before


def test_the_view_says_that_the_gateway_has_gone_and_goes_on(bench, gateway):
    with Terminal([bench.cellbus, "monitor"], bench.folder, 30, 100) as terminal:
        until(lambda: is_live(terminal), 8, "a live view")
        assert gateway.end() == 0
        until(lambda: "cellbus.sock" in "\n".join(terminal.screen()), 4, "the fault in the view")
        bench.gateway(name="gateway 2")
        until(
            lambda: "cellbus.sock" not in "\n".join(terminal.screen()) and is_live(terminal),
            6,
            "a live view again",
        )
        before = time.monotonic()
        terminal.press(b"q")
        assert terminal.process.wait(3) == 0 and time.monotonic() - before < 2
