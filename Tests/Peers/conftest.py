# SPDX-License-Identifier: Apache-2.0
"""What every test with an independent peer needs: the built program and a bench of its own."""

import os
from pathlib import Path

import pytest

from bench import Bench

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def cellbus():
    """The built program: $CELLBUS, or the newest build of the repository."""
    chosen = os.environ.get("CELLBUS")
    if chosen:
        candidates = [Path(chosen).absolute()]
    else:
        candidates = [REPOSITORY / ".build" / kind / "cellbus" for kind in ("debug", "release")]
    for path in candidates:
        if os.access(path, os.X_OK):
            return path
    names = ", ".join(str(path) for path in candidates)
    pytest.fail(f"no built program at {names}: run make build, or set CELLBUS", pytrace=False)


@pytest.fixture
def repository():
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture
def bench(cellbus, tmp_path):
    """A directory with the programs that a test starts there; all of them end with the test."""
    with Bench(cellbus, tmp_path) as bench:
        yield bench


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Shows what the programs of a failed test said."""
    report = yield
    bench = getattr(item, "funcargs", {}).get("bench")
    if report.when == "call" and report.failed and bench is not None:
        report.sections += bench.logs()
    return report
