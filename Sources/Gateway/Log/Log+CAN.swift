// SPDX-License-Identifier: Apache-2.0

import Links

extension Log {
  /// Says when a CAN controller leaves its bus, and when it is back.
  func write(
    _ state: CANHealth.State, after before: CANHealth.State, of link: String, to part: String
  ) {
    if state == .busOff {
      write(
        .error, part,
        "\(link): the controller has left the bus (bus-off) after too many errors; check wiring, "
          + "resistors and bit rate. It comes back by itself only where it was brought up with "
          + "restart-ms")
    } else if before == .busOff {
      write(.info, part, "\(link): the controller is back on the bus")
    }
  }
}
