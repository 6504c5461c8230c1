# SPDX-License-Identifier: Apache-2.0
"""What `make install` puts where, and what systemd thinks of the service."""

import json
import shutil
import stat
import subprocess

import pytest


@pytest.fixture(scope="module")
def systemd():
    """systemd-analyze, which needs no running systemd."""
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.skip("the service was NOT checked: there is no systemd-analyze (package systemd)")
    return found


def install(repository, cellbus, **where):
    """Runs `make install` with the built program."""
    variables = [f"{name}={value}" for name, value in where.items()]
    return subprocess.run(
        ["make", "--no-print-directory", "install", f"BINARY={cellbus}", *variables],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_lands_below_destdir(repository, cellbus, tmp_path):
    done = install(repository, cellbus, DESTDIR=tmp_path, PREFIX="/usr")
    assert done.returncode == 0, done.stderr
    files = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode)
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert files == {
        "usr/bin/cellbus": 0o755,
        "usr/lib/systemd/system/cellbus.service": 0o644,
        "usr/lib/sysusers.d/cellbus.conf": 0o644,
        "usr/share/cellbus/cellbus.json5": 0o644,
    }
    unit = (tmp_path / "usr/lib/systemd/system/cellbus.service").read_text()
    assert "ExecStart=/usr/bin/cellbus gateway" in unit
    program = subprocess.run(
        [tmp_path / "usr/bin/cellbus", "--version"], capture_output=True, text=True, check=True
    )
    assert program.stdout.strip()


def test_a_program_that_was_not_built_is_said(repository, tmp_path):
    done = install(repository, tmp_path / "none", DESTDIR=tmp_path)
    assert done.returncode != 0 and "run make release first" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_example_settings_are_good(repository, bench):
    answer = bench.run("check", str(repository / "deploy/cellbus.json5"))
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_systemd_finds_no_fault_in_the_service(repository, cellbus, tmp_path, systemd):
    # Below the prefix for real, so that the program which it names is there.
    assert install(repository, cellbus, PREFIX=tmp_path).returncode == 0
    unit = tmp_path / "lib/systemd/system/cellbus.service"
    done = subprocess.run(
        [systemd, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "cellbus" in line]
    assert done.returncode == 0 and not ours, done.stderr


def test_the_service_is_shut_in(repository, systemd):
    unit = repository / "deploy/cellbus.service"
    done = subprocess.run(
        [systemd, "security", "--offline=true", "--no-pager", "--json=short", "--threshold=25", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    # The exit status says whether the exposure is above 2.5 of 10.
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    rows = {row["json_field"]: row for row in json.loads(done.stdout)}
    for name in ("NoNewPrivileges", "ProtectSystem", "MemoryDenyWriteExecute", "CapabilityBoundingSet_CAP_SYS_ADMIN"):
        assert rows[name]["exposure"] in (None, "0.0"), rows[name]


def test_the_service_permits_what_the_gateway_needs(repository):
    unit = (repository / "deploy/cellbus.service").read_text()
    values = dict(
        line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#")
    )
    assert {"AF_CAN", "AF_UNIX", "AF_INET", "AF_INET6"} <= set(values["RestrictAddressFamilies"].split())
    assert values["LimitRTPRIO"] == "1" and "RestrictRealtime" not in values
    # A private network has no CAN interfaces, private devices no serial ports.
    assert "PrivateNetwork" not in values and "PrivateDevices" not in values
    assert int(values["WatchdogSec"]) == 30 and values["Restart"] == "always"
    assert values["RestartSec"] in ("0", "100ms"), "the next run must tell the inverter within 2 s"
    assert "KillSignal" not in values, "SIGTERM is the silent end"
