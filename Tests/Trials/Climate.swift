// SPDX-License-Identifier: Apache-2.0

/// The temperature around a pack over days and seasons, as two triangles: no library differs on them.
package struct Climate: Sendable {
  /// The mean of a year, °C.
  package var mean = 15.0
  /// How far summer and winter lie from it, °C.
  package var season = 0.0
  /// How far the afternoon and the night lie from the mean of the day, °C.
  package var day = 0.0
  /// Second of the year at which a trial begins; 0 is the coldest.
  package var start: Int64 = 0

  /// Always 15 °C.
  package init() {}

  /// The temperature at a second of the trial, °C.
  package func celsius(at second: Int64) -> Double {
    mean + season * Self.wave(start + second, 365 * 86_400)
      + day * Self.wave(second + 21 * 3600, 86_400)
  }

  /// From −1 up to 1 and back in `period` seconds.
  private static func wave(_ second: Int64, _ period: Int64) -> Double {
    let place = Double(second % period) / Double(period)
    return place < 0.5 ? 4 * place - 1 : 3 - 4 * place
  }
}
