// SPDX-License-Identifier: Apache-2.0

import Battery
package import Inverters
import Text

extension SettingReader {
  /// What an inverter is to be told otherwise than its profile has it: the key `mapping`.
  ///
  /// Each change is tried on the profile at once, with those before it in force. What the profile refuses
  /// is told with the reason and does not become part of the answer.
  package mutating func mapping(_ node: Node, _ inverter: InverterSettings) -> [MappingChange] {
    guard let mapping = object(node, "mapping"),
      var profile = InverterProfile.named(inverter.profile)
    else { return [] }
    var changes: [MappingChange] = []
    let sent = profile.frames.filter { $0.until != nil }
    guard checkKeys(mapping, sent.map(\.hex)) else { return [] }
    for member in mapping.value.members ?? [] {
      guard let row = sent.first(where: { $0.hex == member.key }),
        let frame = object(mapping, member.key),
        checkKeys(frame, ["omit", "period_ms"] + row.fields.map { "\($0.name)" })
      else { continue }
      if flag(frame, "omit") == true, let child = object(frame, "omit") {
        take(MappingChange(row.id, nil, .omit), at: child, &profile, &changes)
      }
      period(frame, row, inverter.period, &profile, &changes)
      for field in row.fields {
        if let child = object(frame, "\(field.name)") {
          self.field(child, field, &profile, &changes)
        }
      }
    }
    return changes
  }

  private mutating func period(
    _ node: Node, _ row: FrameRow, _ cycle: Int64, _ profile: inout InverterProfile,
    _ changes: inout [MappingChange]
  ) {
    guard let child = object(node, "period_ms") else { return }
    let longest = row.longestPeriod
    guard let period = child.value.int64, (cycle...longest).contains(period), period % cycle == 0
    else {
      let most = row.needed == nil ? "" : "; the inverter needs this frame at least each second"
      return report(
        child, expected: "a whole multiple of period_ms (\(cycle) ms) up to \(longest) ms\(most)")
    }
    take(MappingChange(row.id, nil, .period(period)), at: child, &profile, &changes)
  }

  private mutating func field(
    _ node: Node, _ row: FieldRow, _ profile: inout InverterProfile,
    _ changes: inout [MappingChange]
  ) {
    guard checkKeys(node, ["omit", "source", "scale"]) else { return }
    let name = Label(row.name)
    if flag(node, "omit") == true, let child = object(node, "omit") {
      take(MappingChange(row.id, name, .omit), at: child, &profile, &changes)
    }
    if let child = object(node, "source"), let what = source(child, row) {
      take(MappingChange(row.id, name, what), at: child, &profile, &changes)
    }
    if let child = object(node, "scale") {
      guard let scale = child.value.decimal(places: 6) else {
        return report(child, expected: "a number by which the value is multiplied")
      }
      take(MappingChange(row.id, name, .scale(scale)), at: child, &profile, &changes)
    }
  }

  /// The source that a field is to have; `nil` where it cannot be one, which is then told.
  private mutating func source(_ child: Node, _ row: FieldRow) -> MappingChange.What? {
    guard let text = child.value.string else {
      report(child, expected: "the name of a point, or a text for a name")
      return nil
    }
    if let longest = row.longestText {
      guard (1...longest).contains(text.utf8.count),
        text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
      else {
        report(child, expected: "a text of 1 to \(longest) ASCII characters")
        return nil
      }
      return .text(Label(text.utf8))
    }
    let others = row.alternatives.map { "\($0.name)" }
    guard case .point(let known) = row.original, !others.isEmpty else {
      return Point(name: text.utf8).map { .source($0) } ?? .text(Label(text.utf8))
    }
    let names = ["\(known.name)"] + others
    guard names.contains(text), let point = Point(name: text.utf8) else {
      let near = EditDistance.nearest(text, in: names)
      let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
      report(
        child,
        expected:
          "a measured value of the same kind, one of \(names.joined(separator: ", "))\(hint)")
      return nil
    }
    return .source(point)
  }

  private mutating func take(
    _ change: MappingChange, at node: Node, _ profile: inout InverterProfile,
    _ changes: inout [MappingChange]
  ) {
    do throws(MappingRefusal) {
      try profile.apply(change)
      changes.append(change)
    } catch {
      report(node, expected: "\(error.expected)")
    }
  }
}

extension FrameRow {
  /// The identifier as it is written in settings, such as `0x35F`.
  package var hex: String {
    let digits = String(id, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}
