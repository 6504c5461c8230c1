// SPDX-License-Identifier: Apache-2.0

package import Charging
import Quantities
package import Text

/// One setting of the charge control: its key in the file, what it may be, and where it goes.
package struct ChargingRow: Sendable {
  /// The key below `charging`.
  package let key: String
  /// Reads the key of a node, if it is there, into the settings.
  package let read:
    @Sendable (inout SettingReader, SettingReader.Node, inout ChargeSettings) -> Void
  /// What it is set to, as JSON; `null` where the battery or nobody decides.
  package let value: @Sendable (ChargeSettings) -> JSONValue

  /// An amount that must have a value.
  static func amount<S: Scale>(
    _ key: String, _ path: any WritableKeyPath<ChargeSettings, Quantity<S>> & Sendable,
    _ range: ClosedRange<Quantity<S>>
  ) -> Self {
    Self(key: key) { reader, node, settings in
      if let amount = reader.amount(node, key, range) { settings[keyPath: path] = amount }
    } value: {
      .number(Int64($0[keyPath: path].raw), decimals: S.decimals)
    }
  }

  /// An amount that need not have a value.
  static func optional<S: Scale>(
    _ key: String, _ path: any WritableKeyPath<ChargeSettings, Quantity<S>?> & Sendable,
    _ range: ClosedRange<Quantity<S>>
  ) -> Self {
    Self(key: key) { reader, node, settings in
      if let amount = reader.amount(node, key, range) { settings[keyPath: path] = amount }
    } value: {
      $0[keyPath: path].map { .number(Int64($0.raw), decimals: S.decimals) } ?? .null
    }
  }

  /// A time, written in seconds.
  static func seconds(
    _ key: String, _ path: any WritableKeyPath<ChargeSettings, Int64> & Sendable, upTo most: Int64
  ) -> Self {
    Self(key: key) { reader, node, settings in
      guard let child = reader.object(node, key) else { return }
      guard let milliseconds = child.value.decimal(places: 3),
        (0...most * 1000).contains(milliseconds)
      else {
        return reader.report(child, expected: "a number of seconds from 0 to \(most)")
      }
      settings[keyPath: path] = milliseconds
    } value: {
      .number($0[keyPath: path], decimals: 3)
    }
  }

  /// A curve: a list of pairs, each a place and the share in percent that is allowed there.
  static func curve<S: Scale>(
    _ key: String, _ path: any WritableKeyPath<ChargeSettings, Curve<S>?> & Sendable,
    _ range: ClosedRange<Quantity<S>>
  ) -> Self {
    Self(key: key) { reader, node, settings in
      if let curve = reader.curve(node, key, range) { settings[keyPath: path] = curve }
    } value: {
      $0[keyPath: path]?.json ?? .null
    }
  }

  /// A curve that must have a value.
  static func curve<S: Scale>(
    _ key: String, always path: any WritableKeyPath<ChargeSettings, Curve<S>> & Sendable,
    _ range: ClosedRange<Quantity<S>>
  ) -> Self {
    Self(key: key) { reader, node, settings in
      if let curve = reader.curve(node, key, range) { settings[keyPath: path] = curve }
    } value: {
      $0[keyPath: path].json
    }
  }
}

extension Curve {
  fileprivate var json: JSONValue {
    .array(
      corners.map { corner in
        .array([
          .number(Int64(corner.place.raw), decimals: S.decimals),
          .number(Int64(corner.share.raw), decimals: PercentScale.decimals),
        ])
      })
  }
}

extension SettingReader {
  fileprivate mutating func curve<S: Scale>(
    _ node: Node, _ key: String, _ range: ClosedRange<Quantity<S>>
  ) -> Curve<S>? {
    guard let child = object(node, key) else { return nil }
    var points: [Curve<S>.Corner] = []
    for pair in child.value.array ?? [] {
      guard let place = pair[0]?.decimal(places: S.decimals), let raw = S.Raw(exactly: place),
        range.contains(Quantity<S>(raw: raw)),
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
