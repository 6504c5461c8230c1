// SPDX-License-Identifier: Apache-2.0
import CLinux

/// How a serial port turns an RS485 transceiver round between sending and receiving.
///
/// Source: Linux, Documentation/driver-api/serial/serial-rs485.rst and linux/serial.h.
package struct RS485: Hashable, Sendable {
  /// Whether RTS is high while this side sends, and low otherwise; or the other way about.
  package var isRTSHighOnSend: Bool
  /// Milliseconds from RTS to the first bit.
  package var delayBeforeSend: UInt32
  /// Milliseconds from the last bit to RTS.
  package var delayAfterSend: UInt32
  /// Whether this side hears what it sends itself.
  package var receivesDuringSend: Bool
  /// Whether the port terminates the bus.
  package var isTerminated: Bool

  /// RTS high while sending, no delays, nothing else, unless told otherwise.
  package init(
    isRTSHighOnSend: Bool = true, delayBeforeSend: UInt32 = 0, delayAfterSend: UInt32 = 0,
    receivesDuringSend: Bool = false, isTerminated: Bool = false
  ) {
    self.isRTSHighOnSend = isRTSHighOnSend
    self.delayBeforeSend = delayBeforeSend
    self.delayAfterSend = delayAfterSend
    self.receivesDuringSend = receivesDuringSend
    self.isTerminated = isTerminated
  }

  /// As the driver takes it.
  var wish: clinux_rs485 {
    var flags = clinux_rs485_enabled
    flags |= isRTSHighOnSend ? clinux_rs485_rts_on_send : clinux_rs485_rts_after_send
    if receivesDuringSend { flags |= clinux_rs485_receive_during_send }
    if isTerminated { flags |= clinux_rs485_terminate }
    return clinux_rs485(
      flags: flags, milliseconds_before: delayBeforeSend, milliseconds_after: delayAfterSend)
  }

  /// What a driver made of it otherwise than wished, in words that go on after "cannot"; `nil` when
  /// all is as wished.
  func refused(_ accepted: clinux_rs485) -> String? {
    let differing = wish.flags ^ accepted.flags
    var parts: [String] = []
    if differing & clinux_rs485_enabled != 0 { parts.append("switch RS485 on") }
    if differing & (clinux_rs485_rts_on_send | clinux_rs485_rts_after_send) != 0 {
      parts.append("hold RTS \(isRTSHighOnSend ? "high" : "low") while it sends")
    }
    if differing & clinux_rs485_receive_during_send != 0 {
      parts.append(receivesDuringSend ? "hear what it sends" : "leave what it sends unheard")
    }
    if differing & clinux_rs485_terminate != 0 {
      parts.append(isTerminated ? "terminate the bus" : "leave the bus without its terminator")
    }
    if accepted.milliseconds_before != delayBeforeSend {
      parts.append(
        "wait \(delayBeforeSend) ms before sending (it takes \(accepted.milliseconds_before) ms)")
    }
    if accepted.milliseconds_after != delayAfterSend {
      parts.append(
        "wait \(delayAfterSend) ms after sending (it takes \(accepted.milliseconds_after) ms)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", nor ")
  }
}
