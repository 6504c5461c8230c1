// SPDX-License-Identifier: Apache-2.0

package import Links

extension BatterySettings {
  /// The line that these settings name, not open yet.
  func makeLink() -> any ByteLink { link.makeLink() }
}

extension ByteLinkSettings {
  /// The line that these settings name, not open yet.
  package func makeLink() -> any ByteLink {
    switch self {
    case .serial(let serial): serial.makeLink()
    case .tcp(let host): TCPLink(host: host.host, port: host.port)
    case .modbusTCP(let host): ModbusTCPLink(host: host.host, port: host.port)
    }
  }

  /// Whether it carries the functions of Modbus alone.
  package var isModbusOnly: Bool { if case .modbusTCP = self { true } else { false } }

  /// Milliseconds that it may add to each answer: a network with a radio in it, and a server that
  /// waits for more bytes before it passes some on.
  package var delay: Int64 { if case .serial = self { 0 } else { 500 } }
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
