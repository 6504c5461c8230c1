// SPDX-License-Identifier: Apache-2.0

package import Dialects
package import Links

extension ByteLinkSettings {
  /// The line that these settings name, not open yet; on a CAN bus it hears what a language tells that
  /// it needs.
  package func makeLink(for language: Dialect) -> any ByteLink {
    switch self {
    case .serial(let serial): serial.makeLink()
    case .tcp(let host): TCPLink(host: host.host, port: host.port)
    case .modbusTCP(let host): ModbusTCPLink(host: host.host, port: host.port)
    case .can(let interface):
      CANRecordLink(
        over: SocketCANLink(interface: interface, filters: language.canFilters),
        filters: language.canFilters)
    case .slcan(let serial, let bitrate):
      CANRecordLink(
        over: SLCANLink(over: serial.makeLink(), bitsPerSecond: bitrate),
        filters: language.canFilters)
    }
  }

  /// Whether it carries the functions of Modbus alone.
  package var isModbusOnly: Bool { if case .modbusTCP = self { true } else { false } }

  /// Milliseconds that it may add to each answer: a network with a radio in it, and a server that
  /// waits for more bytes before it passes some on.
  package var delay: Int64 {
    switch self {
    case .serial, .can, .slcan: 0
    case .tcp, .modbusTCP: 500
    }
  }
}

extension SerialSettings {
  /// The port that these settings name, not open yet.
  package func makeLink() -> SerialLink {
    SerialLink(
      path: path, baud: baud,
      rs485: rs485.map {
        RS485(
          isRTSHighOnSend: $0.isRTSHighOnSend, delayBeforeSend: $0.delayBeforeSend,
          delayAfterSend: $0.delayAfterSend, receivesDuringSend: $0.receivesDuringSend,
          isTerminated: $0.isTerminated)
      })
  }
}
