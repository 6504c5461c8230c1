// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Text

extension DetectReport {
  /// The entry of the settings, ready to paste.
  var entry: String {
    let entries = chosen.enumerated().compactMap { number, found in
      entry(found.line, found.hit, name: number == 0 ? "battery" : "battery-\(number + 1)")
    }
    return "batteries: [\n" + entries.map { "  \($0),\n" }.joined() + "]\n"
  }

  /// A whole settings file with nothing but what was found.
  var file: String {
    """
    // Found by cellbus detect. Limits and inverters are still to be told: see docs/settings.md.
    {
    \(entry.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")),
    }

    """
  }

  private func entry(_ line: Detector, _ hit: Attempt, name: String) -> String? {
    guard let probe = hit.probe else { return nil }
    var parts = [
      "name: \(quoted(name))", "dialect: \(quoted(probe.dialect.name))",
      "link: { \(link(line, hit, probe)) }",
    ]
    if let address = probe.address { parts.append("address: \(address)") }
    if hit.isListening, !probe.dialect.polls.isEmpty { parts.append("listen: true") }
    return "{ \(parts.joined(separator: ", ")) }"
  }

  private func link(_ line: Detector, _ hit: Attempt, _ probe: Detection.Probe) -> String {
    switch line.at(hit.baud) {
    case .serial(let serial):
      var text = "serial: \(quoted(serial.path))"
      if Int(serial.baud) != probe.dialect.serialBaud { text += ", baud: \(serial.baud)" }
      if let rs485 = serial.rs485 {
        text += ", rs485: { rts_on_send: \(quoted(rs485.isRTSHighOnSend ? "high" : "low")) }"
      }
      return text
    case .tcp(let host): return "tcp: \(quoted(host.place))"
    case .modbusTCP(let host): return "modbus_tcp: \(quoted(host.place))"
    case .can(let interface): return "can: \(quoted(interface))"
    case .slcan(let serial, let bitrate):
      let other = Int(bitrate) == probe.dialect.canBitrate ? "" : ", bitrate: \(bitrate)"
      return "slcan: \(quoted(serial.path))" + other
    }
  }

  private func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.value(text)
    return writer.text
  }
}
