// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension TinyBMS {
  /// What text among the bytes says: ASCII lines, cut or whole, or lines of CA V3.
  static func explainText(_ bytes: [UInt8], _ exchange: inout Exchange) {
    let broadcast = Broadcast(text: bytes.span)
    if broadcast != Broadcast() {
      explain(broadcast, &exchange)
    } else if let line = CycleAnalyst(text: bytes.span) {
      explain(line, &exchange)
    } else if exchange.error == nil {
      exchange.error = .unexpected(byte: bytes.first ?? 0, at: 0)
    }
  }

  private static func explain(_ line: Broadcast, _ exchange: inout Exchange) {
    var reading = Reading()
    reading.set(.voltage, line.voltage)
    reading.set(.cellMin, line.cellMin)
    reading.set(.cellMax, line.cellMax)
    reading.set(.current, line.current)
    reading.set(.soc, line.soc)
    for sensor in [line.inside, line.external1, line.external2] {
      if let sensor { reading.temperatures.append(sensor.temperature) }
    }
    if let status = line.status {
      reading[.status] = Int64(status)
      exchange.whole.details.append(
        .init("status", statusName(status).map { .text("\($0)") } ?? .none))
    }
    if let bits = line.balancing {
      reading[.balancing] = bits == 0 ? 0 : 1
      // Which digit is which cell, nobody says: none is the only list that is sure.
      reading.cells.reportsBalancing = bits == 0
    }
    reading[.chargeEnabled] = line.chargeEnabled.map { $0 ? 1 : 0 }
    reading[.dischargeEnabled] = line.dischargeEnabled.map { $0 ? 1 : 0 }
    exchange.whole.reading = reading
  }

  private static func explain(_ line: CycleAnalyst, _ exchange: inout Exchange) {
    exchange.whole.reading.set(.remaining, line.remaining)
    exchange.whole.reading.set(.voltage, line.voltage)
    exchange.whole.reading.set(.current, line.current)
    exchange.whole.reading.set(.temperatureMax, line.hottest)
    exchange.whole.details.append(.init("speed_kmh", .number(line.speed, decimals: 3)))
    exchange.whole.details.append(.init("total_distance_km", .number(line.distance, decimals: 3)))
  }
}
