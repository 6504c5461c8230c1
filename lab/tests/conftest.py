# SPDX-License-Identifier: Apache-2.0
"""The bench of the peers' tests, in the lab's machine."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Tests" / "Peers"))

from bench import Bench  # noqa: E402


@pytest.fixture
def bench(tmp_path):
    """A directory with the programs that a test starts there; all of them end with the test."""
    with Bench(REPOSITORY / ".build" / "debug" / "cellbus", tmp_path) as bench:
        yield bench


@pytest.fixture
def vcan():
    """A virtual CAN interface of this machine's kernel."""
    name = "vcan0"
    subprocess.run(["ip", "link", "add", name, "type", "vcan"], check=True)
    subprocess.run(["ip", "link", "set", name, "up"], check=True)
    yield name
    subprocess.run(["ip", "link", "delete", name], check=False)
