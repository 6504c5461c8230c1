# SPDX-License-Identifier: Apache-2.0
"""aiobmsble's own framing, checksums and decoding on bytes that are handed in, without Bluetooth.

Run by a Python that has aiobmsble; it takes lines of JSON and answers each with one:
  {"id": …, "module": "jbd", "answers": {"03": ["dd03…", …], …}, "software": 11}
  {"id": …, "sample": {…}} or {"id": …, "error": "…"}
With `--speed ROUNDS` it decodes all lines ROUNDS times, five times over, and prints each time how
many samples it made in a second of processor time.

A module asks its battery through `_await_msg`; here that hands it the answer to the request at once,
in the pieces in which notifications came, so that everything else of it runs unchanged.
"""

import asyncio
import enum
import importlib
import json
import logging
import sys
import time

from aiobmsble import BMSConfig, TempSensor
from bleak.backends.device import BLEDevice


def plain(value):
    """A value of a sample as JSON has it."""
    if isinstance(value, TempSensor):
        return value.value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


class Battery:
    """One module with the answers that its battery gives."""

    def __init__(self, case):
        module = importlib.import_module(f"aiobmsble.bms.{case['module']}_bms")
        device = BLEDevice("11:22:33:44:55:66", "battery", {"path": ""})
        self.bms = module.BMS(device, BMSConfig(keep_alive=True))
        self.answers = {
            key: [bytes.fromhex(piece) for piece in pieces] for key, pieces in case["answers"].items()
        }
        self.bms._await_msg = self._answer
        match case["module"]:
            case "jikong":
                self._key = lambda request: "02"
                self.bms._sw_version = case["software"]
                self.bms._prot_offset = -32 if case["software"] < 11 else 0
                self.bms._msg_event.clear()
            case "daly":
                self._key = lambda request: request[:6].hex()
                self.bms._proto = module.Proto.D2 if case["unit"] == "d2" else module.Proto.X81
                self.bms._mos_avail = False
            case _:
                self._key = lambda request: request[2:3].hex()

    async def _answer(self, data, char=None, wait_for_notify=True, max_size=0):
        self.bms._msg_event.clear()
        self.bms._frame.clear()
        for piece in self.answers.get(self._key(bytes(data)), []):
            self.bms._notification_handler(None, bytearray(piece))
        if not self.bms._msg_event.is_set():
            raise TimeoutError("nothing that the module takes for an answer")

    def sample(self):
        """What the module makes of the answers; nothing in it waits, so one step brings it to its end."""
        update = self.bms._async_update()
        try:
            update.send(None)
        except StopIteration as end:
            return end.value
        raise RuntimeError("the module waits for something else")


async def main():
    logging.disable(logging.CRITICAL)
    cases = [json.loads(line) for line in sys.stdin if line.strip()]
    if sys.argv[1:2] == ["--speed"]:
        batteries = [Battery(case) for case in cases]
        for battery in batteries:
            battery.sample()
        rounds = int(sys.argv[2])
        for _ in range(5):
            begin = time.process_time()
            for _ in range(rounds):
                for battery in batteries:
                    battery.sample()
            print(rounds * len(batteries) / (time.process_time() - begin))
        return
    for case in cases:
        try:
            sample = Battery(case).sample()
            print(json.dumps({"id": case["id"], "sample": {k: plain(v) for k, v in sample.items()}}))
        except Exception as error:  # whatever a module throws at bad frames
            print(json.dumps({"id": case["id"], "error": f"{type(error).__name__}: {error}"}))


asyncio.run(main())
