// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Glibc
import Machine
import Text
import Wire

/// One line of a fixtures file.
struct Fixture {
  let id: String
  let kind: String
  let asked: [UInt8]?
  let answer: [UInt8]

  /// The lines of a file; none where it is not there.
  static func lines(_ path: String) -> [Fixture] {
    var text: [UInt8] = []
    do throws(SystemError) {
      let file = try Descriptor.open(path, O_RDONLY)
      while let count = try file.read(into: &text, limit: 1 << 16), count > 0 {}
    } catch {
      return []
    }
    return text.split(separator: 10).compactMap { line in
      (try? JSON5Reader.read(Array(line), as: .json)).flatMap(Fixture.init)
    }
  }

  private init?(_ value: JSONValue) {
    guard let id = value["id"]?.string else { return nil }
    self.id = id
    kind = value["kind"]?.string ?? ""
    let bus = (value["can_id"] ?? value["expected"]?["can_id"])?.string
    func bytes(_ value: JSONValue) -> [UInt8] {
      let payload = value.string.flatMap { Hex.bytes($0.utf8) } ?? []
      guard let bus, let id = UInt32(bus, radix: 16) else { return payload }
      return CANRecord.bytes(CANFrame(id: id, isExtended: bus.utf8.count > 4, payload))
    }
    answer = (value["response_hex"]?.array ?? []).flatMap(bytes)
    if bus != nil {
      asked = (value["can_request_id"]?.string).flatMap { UInt32($0, radix: 16) }.map {
        CANRecord.bytes(CANFrame(id: $0, isExtended: true, [UInt8](repeating: 0, count: 8)))
      }
    } else {
      asked = (value["request_hex"]?.string).flatMap { Hex.bytes($0.utf8) }
    }
  }

  /// What was asked, for the dialect; `nil` for what came unasked.
  var request: Request? { asked.map { Request(tag: 0, bytes: $0) } }

  /// Whether the whole of it is one frame that says something.
  func isReading(_ dialect: Dialect) -> Bool {
    guard !answer.isEmpty else { return false }
    let request = request
    switch dialect.scan(answer.span, request) {
    case .frame(answer.count), .broadcast(answer.count): break
    default: return false
    }
    var facts = Facts()
    var reading = Reading()
    do throws(WireError) {
      try dialect.read(answer.span, request, &facts, &reading)
      return reading.hasValues
    } catch {
      return false
    }
  }
}
