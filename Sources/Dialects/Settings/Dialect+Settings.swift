// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Dialect {
  /// The same language for settings: without polls, woken by its first harmless question, and with a
  /// `read` of its own, and with a `scan` of its own where writes are answered otherwise.
  func forSettings(
    scan: (@Sendable (borrowing Span<UInt8>, Request?) -> Scan)? = nil,
    read:
      @escaping @Sendable (borrowing Span<UInt8>, Request?, inout Facts, inout Reading)
      throws(WireError) -> Void
  ) -> Dialect {
    Dialect(
      name: name, title: title, maker: maker, summary: summary, provenance: provenance,
      doors: doors, registers: registers, polls: [],
      wake: wake ?? polls.first?.request, modbusWake: modbusWake, transientCodes: transientCodes,
      scan: scan ?? self.scan, read: read, explain: explanation)
  }

  /// Takes over who the battery is, from the frames of one answer.
  func identify(_ request: Request, _ frames: [UInt8], _ identity: inout Identity) {
    var facts = Facts()
    var reading = Reading()
    var place = 0
    while place < frames.count {
      let rest = frames.span.extracting(place..<frames.count)
      guard case .frame(let length) = scan(rest, request), length <= rest.count else { return }
      facts.isFirst = place == 0
      do throws(WireError) {
        try read(rest.extracting(0..<length), request, &facts, &reading)
      } catch { return }
      place += length
    }
    identity.serial = reading.identity.serial ?? identity.serial
    identity.firmware = reading.identity.firmware ?? identity.firmware
    identity.hardware = reading.identity.hardware ?? identity.hardware
    identity.model = reading.identity.model ?? identity.model
  }
}
