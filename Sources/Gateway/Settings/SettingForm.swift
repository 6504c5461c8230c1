// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities
import Text

/// What a value in the file may be, how it is read, and how it would be written.
struct SettingForm<Value: Sendable>: Sendable {
  /// What it may be, as data.
  let kind: SettingKind
  /// Reads a key of an object, if it is there; reports what is wrong and answers `nil` for it.
  let read: @Sendable (inout SettingReader, SettingReader.Node, String) -> Value?
  /// A value as the file would say it; `null` for what has no short way to be said.
  let write: @Sendable (Value) -> JSONValue
}

extension SettingForm where Value == String {
  /// A text; `what` says what it stands for.
  static func text(_ what: String = "a text", longest: Int = 4096) -> Self {
    Self(kind: .text(what, longest: longest)) { reader, node, key in
      reader.string(node, key, longest: longest)
    } write: {
      $0.isEmpty ? .null : .string($0)
    }
  }

  /// The path of a file or device.
  static func path(longest: Int = 4096) -> Self { text("a path", longest: longest) }

  /// One of a few words.
  static func choice(_ words: [String]) -> Self { choice(words.map { ($0, $0) }) }
}

extension SettingForm where Value == Bool {
  /// True or false.
  static var flag: Self {
    Self(kind: .flag) { reader, node, key in
      reader.flag(node, key)
    } write: {
      .bool($0)
    }
  }
}

extension SettingForm where Value: Equatable {
  /// One of a few values, each with the word that stands for it.
  static func choice(_ values: [(word: String, value: Value)]) -> Self {
    let words = values.map(\.word)
    return Self(kind: .choice(words)) { reader, node, key in
      guard let word = reader.choice(node, key, words) else { return nil }
      return values.first { $0.word == word }?.value
    } write: { value in
      values.first { $0.value == value }.map { .string($0.word) } ?? .null
    }
  }
}

extension SettingForm where Value: FixedWidthInteger {
  /// A whole number of a unit, each of which is `times` as much in the value; the range must fit.
  static func whole(
    _ range: ClosedRange<Int64>, _ unit: String = "", times factor: Int64 = 1
  ) -> Self {
    Self(kind: .whole(range, unit: unit)) { reader, node, key in
      reader.integer(node, key, range, unit).map { Value(clamping: $0 * factor) }
    } write: {
      .number(Int64(clamping: $0) / factor)
    }
  }

  /// One of a few whole numbers.
  static func numbers(_ numbers: [Int64], _ unit: String) -> Self {
    Self(kind: .numbers(numbers, unit: unit)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if let number = child.value.int64, numbers.contains(number) { return Value(clamping: number) }
      let list = numbers.map(String.init).joined(separator: ", ")
      reader.report(child, expected: "one of \(list) \(unit)")
      return nil
    } write: {
      .number(Int64(clamping: $0))
    }
  }
}

extension SettingForm where Value == Int64 {
  /// A time in milliseconds, written in seconds.
  static func seconds(upTo most: Int64) -> Self {
    let range = 1...most * 1000
    return Self(kind: .number(range, decimals: 3, unit: "s")) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if let time = child.value.decimal(places: 3), range.contains(time) { return time }
      reader.report(child, expected: "a number from 0.001 to \(most) s")
      return nil
    } write: {
      .number($0, decimals: 3)
    }
  }
}

extension SettingForm {
  /// An amount, written in the unit of its scale.
  static func amount<S: Scale>(_ range: ClosedRange<Quantity<S>>) -> Self
  where Value == Quantity<S> {
    let steps = Int64(range.lowerBound.raw)...Int64(range.upperBound.raw)
    return Self(kind: .number(steps, decimals: S.decimals, unit: "\(S.unit)")) {
      reader, node, key in
      reader.amount(node, key, range)
    } write: {
      .number(Int64($0.raw), decimals: S.decimals)
    }
  }

  /// A curve: a list of pairs, each a place and the share in percent that is allowed there.
  static func curve<S: Scale>(_ range: ClosedRange<Quantity<S>>) -> Self where Value == Curve<S> {
    let steps = Int64(range.lowerBound.raw)...Int64(range.upperBound.raw)
    return Self(kind: .curve(steps, decimals: S.decimals, unit: "\(S.unit)")) {
      reader, node, key in
      reader.curve(node, key, range)
    } write: { curve in
      .array(
        curve.corners.map { corner in
          .array([
            .number(Int64(corner.place.raw), decimals: S.decimals),
            .number(Int64(corner.share.raw), decimals: PercentScale.decimals),
          ])
        })
    }
  }
}

extension SettingReader {
  fileprivate mutating func curve<S: Scale>(
    _ node: Node, _ key: String, _ range: ClosedRange<Quantity<S>>
  ) -> Curve<S>? {
    guard let child = node.child(key) else { return nil }
    var points: [Curve<S>.Corner] = []
    for pair in child.value.array ?? [] {
      guard pair.array?.count == 2, let place = pair[0]?.decimal(places: S.decimals),
        let raw = S.Raw(exactly: place), range.contains(Quantity<S>(raw: raw)),
        points.last.map({ $0.place < Quantity<S>(raw: raw) }) ?? true,
        let share = pair[1]?.decimal(places: PercentScale.decimals),
        (0...100_000_000).contains(share)
      else { break }
      points.append(.init(Quantity<S>(raw: raw), Percent(clamping: share)))
    }
    guard points.count >= 2, points.count == child.value.array?.count else {
      report(
        child,
        expected: "a list of two or more pairs [\(S.unit), %], with \(S.unit) rising from "
          + "\(range.lowerBound.text()) to \(range.upperBound.text()) and 0 to 100 %")
      return nil
    }
    return Curve(points)
  }
}
