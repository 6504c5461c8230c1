# SPDX-License-Identifier: Apache-2.0
"""Finding a battery: simulated ones, boards written from documents, nothing, noise, and a hostile line."""

import json
import os
import random
import select
import time

import pytest

from bench import Simulator, until
from boards import Board, DalyBoard, JBDBoard, crc16

# Each with rivals of the same speed that are tried, too.
LANGUAGES = {
    "tinybms": ["pylontech-rs485"],
    "daly-a5": ["jbd", "daly-d2"],
    "daly-d2": ["daly-a5", "daly-81"],
    "jbd": ["daly-a5", "daly-sinowealth"],
    "jk-uart": ["tinybms"],
    "pylontech-rs485": ["tinybms"],
    "ve-direct": ["seplos-v2", "jbd"],
}


def detect(bench, *arguments, port="tty", seconds=60):
    """Runs the search on a port; gives its exit status and what it said."""
    answer = bench.run("detect", "--port", port, "--json", *arguments, seconds=seconds)
    return answer.returncode, json.loads(answer.stdout), answer.stderr


def only(*names):
    """Options that try these languages alone."""
    return [word for name in names for word in ("--dialect", name)]


def simulate(bench, *arguments):
    """A simulated battery that has printed its first line."""
    simulator = bench.start("simulator", "simulate", *arguments, "--json", kind=Simulator)
    until(lambda: simulator.lines or not simulator.is_running, 10, "the simulator's first line")
    assert simulator.is_running, simulator.log
    return simulator


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_simulated_battery_is_found(bench, name):
    simulator = simulate(bench, name, "--pty", "tty")
    status, report, progress = detect(
        bench, *only(name, *LANGUAGES[name]), "--settings", "found.json5")
    assert status == 0 and report["found"], report
    (line,) = report["lines"]
    assert [battery["dialect"] for battery in line["batteries"]] == [name]
    (battery,) = line["batteries"]
    true = json.loads(simulator.lines[-1][1])
    assert abs(battery["reading"]["voltage_v"] - true["voltage_v"]) < 0.5
    assert battery["reasons"]
    assert f'dialect: "{name}"' in report["settings"] and 'serial: "tty"' in report["settings"]
    # The rivals were tried, and nothing was sent to one that talks by itself.
    sent = sum(attempt["bytes_sent"] for attempt in line["attempts"])
    assert (sent == 0) == (name == "ve-direct")
    assert "listening" in progress and name in progress
    check = bench.run("check", "found.json5")
    assert check.returncode == 0, check.stdout + check.stderr
    before = open(bench.path("found.json5"), encoding="utf-8").read()
    again = bench.run("detect", "--port", "tty", "--settings", "found.json5")
    assert again.returncode == 73 and "found.json5" in again.stderr
    assert open(bench.path("found.json5"), encoding="utf-8").read() == before


class Patient(DalyBoard):
    """Leaves questions in other languages unanswered."""

    def answer(self, request):
        return super().answer(request) if crc16(request[:-2]) == request[-2:] else None


def test_every_language_is_tried_until_one_speed_tells(bench):
    with Patient(bench.path("tty")) as board:
        status, report, _ = detect(bench)
    assert status == 0
    (line,) = report["lines"]
    assert [battery["dialect"] for battery in line["batteries"]] == ["daly-d2"]
    # One line has one speed: those of 9600 were all tried, and no others.
    asked = [attempt for attempt in line["attempts"] if not attempt["listening"]]
    assert {attempt["baud"] for attempt in asked} == {9600} and len(asked) > 4
    listened = [attempt["baud"] for attempt in line["attempts"] if attempt["listening"]]
    assert listened == [9600, 19200, 115200]
    # 0x06 and 0x10 are the functions that write.
    assert all(request[1] not in (0x06, 0x10) for request in board.requests if request[0] == 0xD2)


def test_a_board_of_another_number_is_found_when_asked_for(bench):
    simulate(bench, "jbd-up", "--pty", "tty", "--address", "3")
    status, report, _ = detect(bench, *only("jbd-up"))
    assert status == 1 and not report["found"] and report.get("settings") is None
    status, report, _ = detect(bench, *only("jbd-up"), "--addresses", "1-4", "--settings", "new.json5")
    assert status == 0
    (battery,) = report["lines"][0]["batteries"]
    assert battery["address"] == 3 and "address: 3" in report["settings"]
    assert bench.run("check", "new.json5").returncode == 0


def test_nothing_on_the_line(bench):
    with JBDBoard(bench.path("tty")) as board:
        board.mute = True
        answer = bench.run(
            "detect", "--port", "tty", *only("jbd", "tinybms"), "--settings", "no.json5", seconds=60)
        assert board.requests
    assert answer.returncode == 1
    assert "not one byte came" in answer.stdout and "no answer" in answer.stdout
    assert not os.path.exists(bench.path("no.json5"))


def test_a_port_that_is_not_there(bench):
    answer = bench.run("detect", "--port", "none", *only("jbd"))
    assert answer.returncode == 69 and "none: not there" in answer.stderr
    answer = bench.run("detect", "--tcp", "127.0.0.1:1", *only("jbd"))
    assert answer.returncode == 69 and "refused" in answer.stderr


class Spoiled(JBDBoard):
    """Answers whose checksum never holds."""

    def answer(self, request):
        answer = bytearray(super().answer(request))
        answer[-3] ^= 0x55
        return bytes(answer)


def test_answers_with_a_wrong_checksum_are_named_and_not_believed(bench):
    with Spoiled(bench.path("tty")):
        status, report, _ = detect(bench, *only("jbd"))
        assert status == 1
        assert "checksum does not hold" in report["lines"][0]["attempts"][-1]["outcome"]
        text = bench.run("detect", "--port", "tty", *only("jbd"), seconds=60).stdout
    assert "whose checksum does not hold" in text and "batteries:" not in text


class Echo(Board):
    """A line that sends back what is sent."""

    @staticmethod
    def length(data):
        return len(data) or None

    def answer(self, request):
        return request


def test_an_echo_is_no_battery(bench):
    with Echo(bench.path("tty")):
        status, report, _ = detect(bench, *only("jbd", "daly-a5", "jbd-up"))
        assert status == 1 and not report["found"]
        text = bench.run("detect", "--port", "tty", *only("jbd"), seconds=60).stdout
    assert "sends back what is sent" in text


class Talker(Board):
    """Talks without end, and never hears."""

    def __init__(self, path, words):
        self.words = words
        super().__init__(path)

    def _serve(self):
        while not self._stop.is_set():
            if select.select([self._master], [], [], 0)[0]:
                self.requests.append(os.read(self._master, 256))
            words = self.words()
            if select.select([], [self._master], [], 0.02)[1]:
                os.write(self._master, words)
            time.sleep(0.01)


def test_noise_is_no_battery(bench):
    dice = random.Random(11)
    with Talker(bench.path("tty"), lambda: dice.randbytes(40)):
        status, report, _ = detect(bench, *only("jbd", "daly-a5", "daly-d2", "ve-direct"))
    assert status == 1 and not report["found"]
    attempts = report["lines"][0]["attempts"]
    assert all(attempt["bytes_heard"] > 0 for attempt in attempts)
    assert "noise" in attempts[0]["outcome"]


class Liar(JBDBoard):
    """Cells that no battery has, behind checksums that hold."""

    def read(self, register):
        return (0, b"\xff\xff" * 16) if register == 4 else super().read(register)


def test_values_that_cannot_be_are_no_battery(bench):
    with Liar(bench.path("tty")):
        status, report, _ = detect(bench, *only("jbd"))
    assert status == 1 and not report["found"]
    assert report["lines"][0]["attempts"][-1]["outcome"].startswith("answered, but")


def test_a_line_that_hangs_up_ends_the_search_of_that_line(bench):
    board = JBDBoard(bench.path("tty"))
    board.mute = True
    search = bench.start("detect", "detect", "--port", "tty", "--json", *only("jbd", "daly-a5"))
    until(lambda: board.requests, 10, "a question")
    board.__exit__()
    search.process.wait(30)
    assert search.process.returncode == 69
    until(lambda: search.lines, 5, "the report")
    assert json.loads(search.lines[0][1])["lines"][0]["trouble"]


def test_where_another_host_asks_nothing_is_sent(bench):
    """A line on which a master and a board are heard, told apart by the questions alone."""
    with DalyBoard(bench.path("other")) as board:
        question = bytes.fromhex("d2030000003ed7b9")
        answer = board.answer(question)
    turn = iter(range(10**9))

    def words():
        time.sleep(0.1)
        return question if next(turn) % 2 == 0 else answer

    with Talker(bench.path("tty"), words) as line:
        status, report, _ = detect(bench, *only("daly-d2", "jbd"), "--settings", "new.json5")
        assert not line.requests
    assert status == 0
    (battery,) = report["lines"][0]["batteries"]
    assert battery["dialect"] == "daly-d2" and battery["listening"]
    assert "listen: true" in report["settings"]
    assert bench.run("check", "new.json5").returncode == 0


def test_a_word_ends_it(bench):
    with JBDBoard(bench.path("tty")) as board:
        board.mute = True
        search = bench.start("detect", "detect", "--port", "tty")
        until(lambda: board.requests, 20, "a question")
        assert search.end() == 1
