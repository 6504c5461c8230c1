# SPDX-License-Identifier: Apache-2.0
"""Batteries behind serial servers and Modbus gateways, with independent programs on either side."""

import json
import socket
import struct

import pytest
from pymodbus.client import ModbusTcpClient

from bench import Program, Simulator, until
from network import UNIT, Island, ModbusServer, answers, free_port, program


@pytest.fixture
def port():
    """A port for a server of the test."""
    return free_port()


def start(bench, name, command):
    """Starts a program that ends with the test."""
    started = Program(name, command, bench.folder)
    bench._programs.append(started)
    return started


def simulator(bench, *line, name="simulator", more=()):
    """A simulated battery on such a line."""
    program = bench.start(
        name, "simulate", "tinybms", *line, "--json", "--seed", "41", *more, kind=Simulator
    )
    until(lambda: program.lines or not program.is_running, 10, "the simulator's first line")
    assert program.is_running, program.log
    return program


def read(bench, *line):
    """What `cellbus read` says."""
    answer = bench.run("read", *line, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def is_true(reading, program):
    """Whether a reading is that of a simulated pack."""
    states = program.around(program.lines[-1][0])
    for key, margin in {"voltage_v": 0.2, "current_a": 1.5, "soc_pct": 0.05}.items():
        values = [state[key] for state in states]
        assert min(values) - margin <= reading[key] <= max(values) + margin, key


def serve_ser2net(bench, port):
    """Debian's ser2net before the pseudo-terminal `tty`."""
    (bench.folder / "ser2net.yaml").write_text(
        "connection: &battery\n"
        f"  accepter: tcp,127.0.0.1,{port}\n"
        f"  connector: serialdev(nouucplock=true),{bench.path('tty')},115200n81,local\n"
    )
    return start(bench, "ser2net", [program("ser2net"), "-n", "-c", "ser2net.yaml"])


def serve_socat(bench, port):
    """socat before the pseudo-terminal `tty`, for one connection after the other."""
    listen = f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork"
    return start(bench, "socat", [program("socat"), listen, f"OPEN:{bench.path('tty')},raw,echo=0"])


@pytest.mark.parametrize("serve", [serve_ser2net, serve_socat], ids=["ser2net", "socat"])
def test_a_battery_behind_a_serial_server(bench, port, serve):
    battery = bench.simulator("--seed", "41")
    server = serve(bench, port)
    until(lambda: answers(port), 10, "a serial server")
    for host in ("127.0.0.1", "localhost"):
        # A server that holds its port for the last caller lets the next in a moment later.
        told = until(
            lambda host=host: bench.run("read", "--tcp", f"{host}:{port}", "--json").stdout,
            10,
            "a reading",
        )
        told = json.loads(told)
        is_true(told["reading"], battery)
        assert told["link"]["name"] == f"{host}:{port}"
        assert told["link"]["bad_checksums"] == 0
        assert told["link"]["latency"]["lowest_ms"] <= told["link"]["latency"]["highest_ms"]
    assert server.is_running


def test_commands_work_through_a_serial_server(bench, port):
    simulator(bench, "--tcp", str(port))
    line = ("--tcp", f"127.0.0.1:{port}")
    listed = bench.run("settings", "tinybms", "get", "cell_count", *line, "--json")
    assert listed.returncode == 0, listed.stderr
    assert bench.run("settings", "tinybms", "backup", "pack.json", *line).returncode == 0
    changed = bench.run("settings", "tinybms", "set", "fully_charged_v=3.5", "--yes", *line)
    assert changed.returncode == 0, changed.stderr
    compared = bench.run("settings", "tinybms", "diff", "pack.json", *line)
    assert compared.returncode == 1 and "fully_charged_v" in compared.stdout
    assert len(json.loads(bench.run("events", *line, "--json").stdout)["events"]) == 3
    assert bench.run("statistics", *line).returncode == 0
    cleared = bench.run("reset", "events", "--yes", *line)
    assert cleared.returncode == 0 and "0 there now" in cleared.stdout


def test_an_adapter_that_echoes_is_not_taken_for_the_battery(bench, port):
    battery = simulator(bench, "--tcp", str(port), more=("--fault", "echo"))
    told = read(bench, "--tcp", f"127.0.0.1:{port}")
    is_true(told["reading"], battery)
    # Each request came back, and was passed over.
    assert told["link"]["skipped_bytes"] >= told["link"]["bytes_out"]
    assert told["link"]["bad_checksums"] == 0 and told["link"]["timeouts"] == 0


def test_a_modbus_client_reads_and_writes_the_simulated_gateway(bench, port):
    battery = simulator(bench, "--modbus-tcp", str(port))
    client = ModbusTcpClient("127.0.0.1", port=port, timeout=3, retries=0)
    assert client.connect()
    cells = client.read_holding_registers(0, count=16, device_id=UNIT).registers
    voltage = client.read_holding_registers(36, count=2, device_id=UNIT).registers
    kind = client.DATATYPE.FLOAT32
    volts = client.convert_from_registers(voltage, kind, word_order="little")
    states = battery.around(battery.lines[-1][0])
    for index, cell in enumerate(cells):
        true = [state["cell_voltages_v"][index] for state in states]
        assert min(true) - 0.01 <= cell / 10_000 <= max(true) + 0.01
    assert abs(volts - sum(cells) / 10_000) < 0.2

    assert not client.write_registers(315, [3600, 2550], device_id=UNIT).isError()
    after = until(
        lambda: client.read_holding_registers(315, count=2, device_id=UNIT).registers,
        6,
        "an answer after the pause",
    )
    assert after == [3600, 2550]
    # The unit's own refusal is no Modbus: the gateway has heard nothing that it knows.
    refused = client.write_registers(400, [1], device_id=UNIT)
    assert refused.isError() and refused.exception_code == 11
    # And another number on the line has nobody.
    nobody = client.read_holding_registers(0, count=1, device_id=9)
    assert nobody.isError() and nobody.exception_code == 11
    client.close()


def test_cellbus_reads_a_modbus_server(bench, port):
    with ModbusServer(port):
        told = read(bench, "--modbus-tcp", f"127.0.0.1:{port}")
        reading = told["reading"]
        assert reading["voltage_v"] == 53.44 and reading["current_a"] == -7.25
        assert reading["soc_pct"] == 55.123456 and reading["soh_pct"] == 98
        assert reading["cell_voltages_v"] == [round(3.34 + index / 10_000, 4) for index in range(16)]
        assert reading["temperatures_c"] == [26.3, 25.1, None]
        assert reading["status"] == "discharging"
        assert told["link"]["errors"] == 0 and told["link"]["frames_in"] == told["link"]["replies"]
        # What that server does not have, it refuses, and that is said.
        listed = bench.run("settings", "tinybms", "get", "fully_charged_v", "--json")
        assert listed.returncode == 64 and "--modbus-tcp" in listed.stderr
        line = ("--modbus-tcp", f"127.0.0.1:{port}")
        listed = bench.run("settings", "tinybms", "get", "fully_charged_v", *line, "--json")
        assert listed.returncode == 0 and "3.45" in listed.stdout
        refused = bench.run("reset", "events", "--yes", *line)
        assert refused.returncode == 69 and "command 0x02" in refused.stderr
    gone = bench.run("read", "--modbus-tcp", f"127.0.0.1:{port}")
    assert gone.returncode == 69 and "connection refused" in gone.stderr


def test_a_gateway_that_hears_nothing_is_told(bench, port):
    simulator(bench, "--modbus-tcp", str(port), more=("--fault", "silent"))
    answer = bench.run("read", "--modbus-tcp", f"127.0.0.1:{port}", "--timeout", "12s", seconds=40)
    assert answer.returncode == 69 and answer.stdout == ""
    assert "no answer" in answer.stderr or "Modbus exception 11" in answer.stderr


def test_what_is_refused_says_why(bench, port):
    cases = {
        (): "give --port PATH, --tcp HOST:PORT, --modbus-tcp HOST, --can NAME or --slcan PATH",
        ("--tcp", "a:1", "--port", "tty"): "--port and --tcp name more than one battery",
        ("--tcp", "nothing"): "a host and a port are wanted",
        ("--tcp", "::1:2000"): "a host and a port are wanted",
        ("--tcp", "a:0"): "a host and a port are wanted",
        ("--tcp", "a:65536"): "a host and a port are wanted",
        ("--modbus-tcp", "a:x"): "a host is wanted",
        ("--tcp", "a:1", "--rs485", "high"): "--rs485 is for a serial port",
    }
    for line, words in cases.items():
        for command in (["read"], ["events"], ["settings", "tinybms", "list"]):
            answer = bench.run(*command, *line)
            assert answer.returncode == 64 and words in answer.stderr, (line, answer.stderr)
    refused = bench.run("read", "--tcp", f"127.0.0.1:{port}")
    assert refused.returncode == 69
    assert f"127.0.0.1:{port}: connection refused; check the port" in refused.stderr
    for line in (["--pty", "x", "--tcp", "0"], []):
        answer = bench.run("simulate", "tinybms", *line)
        assert answer.returncode == 64 and "the battery has one line" in answer.stderr
    with socket.create_server(("127.0.0.1", port)):
        taken = bench.run("simulate", "tinybms", "--tcp", str(port))
    assert taken.returncode != 0 and f"127.0.0.1:{port}" in taken.stderr


def test_a_reader_whose_server_is_killed_says_so(bench, port):
    battery = simulator(bench, "--tcp", str(port))
    reader = bench.start("reader", "read", "--tcp", f"127.0.0.1:{port}", "--watch", "--json")
    until(reader.objects, 10, "a first reading")
    battery.end(9)
    until(lambda: not reader.is_running, 5, "the reader's end")
    assert reader.end() == 69 and "has gone" in reader.log


def test_a_connection_reset_in_the_middle_of_a_frame_gives_no_reading(bench):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        reader = bench.start("reader", "read", "--tcp", f"127.0.0.1:{port}", "--json")
        server.settimeout(10)
        connection, _ = server.accept()
        assert connection.recv(100)[:2] == b"\xaa\x18"
        connection.sendall(b"\xaa\x18\x97")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    until(lambda: not reader.is_running, 5, "the reader's end")
    assert reader.end() == 69 and reader.lines == [] and "has gone" in reader.log


@pytest.fixture
def island():
    """A network that can be cut without anybody being told."""
    place = Island()
    yield place
    place.close()


@pytest.mark.slow
def test_a_peer_that_vanishes_without_a_word_is_noticed(bench, island, port):
    own = island.command(bench.cellbus)
    line = ["--tcp", str(port), "--json", "--seed", "42"]
    battery = start(bench, "simulator", [*own, "simulate", "tinybms", *line])
    until(lambda: battery.lines, 10, "the simulator's first line")
    address = f"127.0.0.1:{port}"
    reader = start(bench, "reader", [*own, "read", "--tcp", address, "--watch", "--json"])
    until(reader.objects, 10, "a first reading")
    island.set("down")
    count = len(reader.lines)
    until(lambda: not reader.is_running, 25, "the reader's end")
    assert reader.end() == 69 and "has gone" in reader.log
    # Nothing was told meanwhile as if it were new.
    assert len(reader.lines) - count <= 1
    island.set("up")
    again = island.run(bench.cellbus, "read", "--tcp", address, "--json")
    assert again.returncode == 0, again.stderr


def test_a_connection_to_oneself_is_none(bench, island):
    # Between two ports of the system's own a call meets itself at the second try at the latest.
    done = island.run("sh", "-c", "echo 50000 50001 > /proc/sys/net/ipv4/ip_local_port_range")
    assert done.returncode == 0, done.stderr
    for _ in range(4):
        answer = island.run(bench.cellbus, "read", "--tcp", "127.0.0.1:50000")
        assert answer.returncode == 69 and "connection refused" in answer.stderr
