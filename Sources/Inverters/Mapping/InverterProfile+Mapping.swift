// SPDX-License-Identifier: Apache-2.0

import Battery

extension InverterProfile {
  /// Takes a change over, or leaves everything as it is and says why.
  ///
  /// Changes are judged one after the other, each with those before it in force: what would leave an
  /// inverter without a frame that it needs is refused, however many changes it takes to get there.
  public mutating func apply(_ change: MappingChange) throws(MappingRefusal) {
    guard let place = frames.firstIndex(where: { $0.id == change.id && $0.until != nil }) else {
      throw MappingRefusal("a frame that the profile sends")
    }
    var frame = frames[place]
    guard let name = change.field else {
      try frame.apply(change.what)
      return frames[place] = frame
    }
    guard let index = frame.fields.firstIndex(where: { Label($0.name) == name }) else {
      throw MappingRefusal("a field of the frame")
    }
    let before = frame.fields[index]
    try frame.fields[index].apply(change.what)
    try frame.checkNeed()
    frames[place] = frame
    if case .text(let text) = change.what, case .name(let wanted) = before.original {
      choose(text, for: wanted)
    }
  }

  /// This profile with all changes that it takes; the others leave no trace.
  public func applying(_ changes: [MappingChange]) -> InverterProfile {
    var profile = self
    for change in changes {
      do throws(MappingRefusal) { try profile.apply(change) } catch { continue }
    }
    return profile
  }

  /// A text in two frames changes in both.
  private mutating func choose(_ text: Label, for wanted: InverterName) {
    for place in frames.indices {
      for index in frames[place].fields.indices {
        guard case .name(let name) = frames[place].fields[index].original, name == wanted else {
          continue
        }
        frames[place].fields[index].chosen = .fixed(text)
      }
    }
  }
}

extension FrameRow {
  fileprivate mutating func apply(_ what: MappingChange.What) throws(MappingRefusal) {
    switch what {
    case .omit:
      if let needed { throw MappingRefusal(needed) }
      isOmitted = true
    case .period(let milliseconds):
      guard (200...longestPeriod).contains(milliseconds) else {
        throw MappingRefusal("a period that the inverter is sure to bear")
      }
      pace = milliseconds
    case .source, .text, .scale: throw MappingRefusal("a field to which that can be done")
    }
  }

  /// Whether what an inverter needs can still be sent.
  fileprivate func checkNeed() throws(MappingRefusal) {
    guard needed != nil else { return }
    guard reach > 0 else {
      throw MappingRefusal(
        "the value to be sent: the frame cannot do without it, nor the inverter without the frame")
    }
    if !isConstant, fields.allSatisfy({ $0.isOmitted }) {
      throw MappingRefusal("at least one value to stay: the inverter needs the frame")
    }
  }
}
