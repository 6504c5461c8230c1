// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities
public import Wire

extension InverterDialect {
  /// Everything that frames say, for people and programs who look at wires.
  ///
  /// A frame whose identifier came before begins a new group; where there are several groups each stands
  /// in `series`. Frames of other protocols are skipped, unless there is nothing else.
  public func explain(_ frames: [CANFrame]) -> Exchange {
    var exchange = Exchange()
    var whole = InverterReading()
    var group = InverterReading()
    var seen: [UInt32] = []
    var groups: [Exchange.Part] = []
    var isForeign = false
    for frame in frames {
      if seen.contains(frame.id) {
        groups.append(part(group))
        group = InverterReading()
        seen = []
      }
      do throws(WireError) {
        try decode(frame, &group)
        try decode(frame, &whole)
        seen.append(frame.id)
      } catch .notAReading {
        isForeign = true
      } catch {
        exchange.error = exchange.error ?? error
      }
    }
    exchange.whole = part(whole)
    if !groups.isEmpty {
      groups.append(part(group))
      exchange.series = groups
    }
    if isForeign, exchange.error == nil, groups.isEmpty, seen.isEmpty {
      exchange.error = .notAReading
    }
    return exchange
  }

  private func part(_ reading: InverterReading) -> Exchange.Part {
    var part = Exchange.Part()
    part.reading = reading.reading
    for detail in Self.details {
      guard let value = detail.value(self, reading) else { continue }
      part.details.append(Exchange.Entry(detail.key.name, value))
    }
    return part
  }
}
