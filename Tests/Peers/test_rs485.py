# SPDX-License-Identifier: Apache-2.0
"""The direction of an RS485 transceiver: what the program hands to the kernel, byte by byte.

The bits are those of the kernel's linux/serial.h: enabled 1, RTS high while sending 2, RTS high
after sending 4.
"""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from bench import until


@pytest.fixture
def driver(tmp_path):
    """The driver in place of one that needs hardware, as a library to load before a program."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("there is no C compiler here: the RS485 settings were NOT looked at")
    source = Path(__file__).parent / "rs485.c"
    library = tmp_path / "rs485.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def read(bench, driver, level, accepts):
    """Reads the battery with the driver in place; gives the answer and what the driver was told."""
    record = bench.folder / "record"
    record.unlink(missing_ok=True)
    environment = {"LD_PRELOAD": driver, "RS485_RECORD": record, "RS485_ACCEPTS": accepts}
    answer = subprocess.run(
        [bench.cellbus, "read", "--port", "tty", "--rs485", level],
        cwd=bench.folder,
        env={**os.environ, **{key: str(value) for key, value in environment.items()}},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return answer, struct.unpack("=8I", record.read_bytes())


@pytest.mark.parametrize("level, flags", [("high", 0b011), ("low", 0b101)])
def test_the_kernel_is_told_how_to_turn_the_transceiver(bench, driver, level, flags):
    bench.simulator("--seed", "51")
    answer, told = read(bench, driver, level, "0xffffffff")
    assert answer.returncode == 0, answer.stderr
    assert told == (flags, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "level, accepts, words",
    [
        ("high", "0xfffffffd", "cannot hold RTS high while it sends"),
        ("low", "0xfffffffb", "cannot hold RTS low while it sends"),
        ("high", "0", "cannot switch RS485 on, nor hold RTS high while it sends"),
    ],
)
def test_what_the_driver_refuses_is_named(bench, driver, level, accepts, words):
    bench.simulator("--seed", "52")
    answer, _ = read(bench, driver, level, accepts)
    assert answer.returncode == 69 and f"tty: {words}" in answer.stderr


def test_a_port_that_has_none_says_so_and_keeps_the_battery(bench):
    bench.simulator("--seed", "53")
    answer = bench.run("read", "--port", "tty", "--rs485", "high")
    assert answer.returncode == 69 and "its driver knows no RS485" in answer.stderr
    until(lambda: bench.run("read", "--port", "tty").returncode == 0, 5, "a reading without it")
