# SPDX-License-Identifier: Apache-2.0
"""The frames of a battery, decoded without any of Cellbus's code.

Scales: Victron CAN-bus BMS note of 2021-04-17; places of the alarm pairs: captures of a REC Q.
"""

import struct

# Sent in every cycle of a battery that is heard, in this order.
CYCLE = [
    0x351,
    0x35A,
    0x355,
    0x356,
    0x372,
    0x373,
    0x374,
    0x375,
    0x376,
    0x377,
    0x378,
    0x35E,
    0x35F,
    0x370,
    0x371,
    0x379,
    0x380,
    0x381,
    0x382,
]
# Withheld as soon as the battery's values are no longer to be believed.
MEASURED = {0x355, 0x356, 0x360, 0x372, 0x373, 0x374, 0x375, 0x376, 0x377, 0x378}
# The inverter's own.
OF_THE_GX = {0x305, 0x306, 0x307}


def limits(data):
    """0x351: CVL (V), CCL (A), DCL (A), discharge voltage (V)."""
    cvl, ccl, dcl, floor = struct.unpack("<HhhH", data)
    return cvl / 10, ccl / 10, dcl / 10, floor / 10


def charge(data):
    """0x355: state of charge and of health (%), state of charge (0.01 %)."""
    soc, soh, fine = struct.unpack_from("<HHH", data)
    return soc, soh, fine / 100


def measured(data):
    """0x356: voltage (V), current (A), temperature (degrees C)."""
    voltage, current, temperature = struct.unpack_from("<hhh", data)
    return voltage / 100, current / 10, temperature / 10


def extremes(data):
    """0x373: lowest and highest cell (V), coldest and hottest sensor (K)."""
    low, high, cold, hot = struct.unpack("<HHHH", data)
    return low / 1000, high / 1000, cold, hot


def warns_of_itself(data):
    """0x35A: whether the warning "BMS internal" is active (byte 6, high pair, 1 is active)."""
    return data[6] >> 6 & 3 == 1
