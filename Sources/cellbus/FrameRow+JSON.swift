// SPDX-License-Identifier: Apache-2.0

import Battery
import Gateway
import Inverters
import Quantities
import Text

extension JSONWriter {
  /// Writes a frame that Cellbus sends as fields of the object that is open; what an owner changed is
  /// marked.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - cycle: milliseconds from one cycle to the next; `nil` takes the profile's own.
  mutating func fields(of frame: FrameRow, cycle: Int64? = nil) {
    field("id", frame.hex)
    field("name", frame.name)
    field("bytes", Int(frame.length))
    if !frame.ends.isEmpty {
      array("shorter") { writer in for end in frame.ends { writer.value(Int(end)) } }
    }
    if frame.direction == .toInverter || frame.period > 0 {
      field("period_ms", frame.pace ?? cycle ?? frame.period)
    }
    field("until", (frame.until?.name).map { "\($0)" })
    if frame.until != nil { field("needed", frame.needed != nil) }
    if frame.isOmitted { field("omitted", true) }
    if frame.isChanged { field("changed", true) }
    field("meaning", frame.meaning)
    array("fields") { writer in
      for row in frame.fields { writer.object { $0.fields(of: row, in: frame) } }
    }
  }

  private mutating func fields(of row: FieldRow, in frame: FrameRow) {
    field("name", row.name)
    field("title", row.title)
    field("offset", Int(row.offset))
    field("bytes", Int(row.length))
    field("type", row.form.name)
    if let step = row.step {
      field("step", step)
      if row.offsetSteps != 0 { field("plus_steps", row.offsetSteps) }
      field("rounding", row.rounding.name)
      field("lowest", row.range.lowerBound)
      field("highest", row.range.upperBound)
      field("beyond", row.beyond.name)
    }
    field("unknown", row.mark)
    field("source", row.source.words)
    if let point = row.source.point { field("point", point.name) }
    if row.isOmitted || row.offset >= frame.reach { field("omitted", true) }
    if row.chosen != nil { field("default_source", row.original.words) }
    if row.scale != FieldRow.unit { field("scale", row.scale, decimals: 6) }
    if row.isChanged { field("changed", true) }
  }
}

extension FieldRow {
  /// Its bytes, such as `2-3`.
  var bytes: String { length == 1 ? "\(offset)" : "\(offset)-\(offset + length - 1)" }

  /// What its value is multiplied by.
  var factor: String { Decimal.string(scale, decimals: 6) }

  /// A step of the field with its unit, such as `0.1 V`; `nil` where it is no number.
  var step: String? {
    guard divisor > 0, let kind = original.point?.kind else { return nil }
    let number = Decimal.string(divisor, decimals: kind.decimals)
    let unit = offsetSteps == 273 ? "K" : "\(kind.unit)"
    return unit.isEmpty ? number : "\(number) \(unit)"
  }
}

extension FieldRow.Source {
  /// The point whose value or limit it is.
  var point: Point? {
    switch self {
    case .point(let point), .limit(let point): point
    case .name, .fixed, .other: nil
    }
  }

  /// Where the value comes from, in words.
  var words: String {
    switch self {
    case .point(let point): "\(point.name)"
    case .limit(let point): "\(point.name), as decided"
    case .name(let name): "\(name.words)"
    case .fixed(let text): "\"\(text.string)\""
    case .other(let words): "\(words)"
    }
  }
}
