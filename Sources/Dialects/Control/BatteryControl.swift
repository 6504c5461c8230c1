// SPDX-License-Identifier: Apache-2.0

import Battery

/// What can be ordered of one kind of battery, and how: data and one small function, as a `Dialect` is.
public struct BatteryControl: Sendable {
  /// The language; what it polls shows whether an order was carried out.
  public let dialect: Dialect
  /// What can be ordered.
  public let kinds: [ControlOrder.Kind]
  /// How an order is given to a battery that has just told this.
  let way: @Sendable (ControlOrder, ControlSight, ControlMoment) -> ControlWay

  init(
    _ dialect: Dialect, _ kinds: [ControlOrder.Kind],
    way: @escaping @Sendable (ControlOrder, ControlSight, ControlMoment) -> ControlWay
  ) {
    self.dialect = dialect
    self.kinds = kinds
    self.way = way
  }

  private static let makers: [@Sendable (DialectOptions) -> BatteryControl] = [
    { _ in .tinyBMS }, jbd, dalyA5, dalyD2, daly81, jkUART, jkPB, jkModbus, jkBLE,
  ]

  /// The controls of all dialects that have some, for batteries without anything out of the ordinary.
  public static let all: [BatteryControl] = makers.map { $0(DialectOptions()) }

  /// The control of a dialect, for a battery of which its owner tells `options`; `nil` where nothing can
  /// be ordered.
  public static func of(
    _ dialect: some Sequence<UInt8>, _ options: DialectOptions = DialectOptions()
  ) -> BatteryControl? {
    for (index, control) in all.enumerated() where control.dialect.name.hasBytes(dialect) {
      return options == DialectOptions() ? control : makers[index](options)
    }
    return nil
  }

  /// How an order is given to a battery that has just told `sight`, or why it is not.
  ///
  /// A switch that a protection of the battery holds open is not ordered closed.
  public func plan(
    _ order: ControlOrder, _ sight: ControlSight, at moment: ControlMoment
  ) -> ControlWay {
    guard kinds.contains(order.kind) else { return .refused(.unknown) }
    let opposing = sight.reading.alarms.intersection(order.opposing)
    guard opposing.isEmpty else { return .refused(.protected(opposing)) }
    return way(order, sight, moment)
  }

  /// Whether a battery that has just told `sight` needs no such order.
  public func isDone(_ order: ControlOrder, _ sight: ControlSight) -> Bool {
    switch order {
    case .charge(true), .discharge(true): order.isDone(sight.reading) == true
    // What is open now may be so by a protection, which ends.
    default: false
    }
  }
}
