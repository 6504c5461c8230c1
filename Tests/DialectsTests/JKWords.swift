// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How the lines of JK boards say what Cellbus has other words for.
enum JKWords {
  /// What stands among the alarms of a line and is no fault.
  static let reminders: Set<String> = ["change_password", "gps_disconnected", "gps_remote_lock"]
  /// The temperatures of a line that lists the first two sensors alone.
  static let firstSensors = "first_temperatures_c"
  /// The value of a write that a line rounds to six digits.
  static let roundedValue = "rounded_value"

  /// A value under the name and in the words that are used today; `nil` where they are no others.
  static func present(_ name: String, _ value: Any) -> (String, Any)? {
    switch (name, value) {
    case ("balancing", let mode as NSNumber) where !isFlag(mode): ("balancer_mode", mode)
    case ("charge_switch", let isOn as Bool), ("discharge_switch", let isOn as Bool),
      ("balancer_switch", let isOn as Bool):
      (name, NSNumber(value: isOn ? 1 : 0))
    case ("name", "max_balance_current_a" as String): (name, "max_balance_a")
    case ("production_date", let digits as String): date(digits).map { (name, $0) }
    default: nil
    }
  }

  /// A date of four or six digits in the words of ISO 8601; `nil` for what is none.
  private static func date(_ digits: String) -> String? {
    guard digits.allSatisfy(\.isNumber), digits.count == 4 || digits.count == 6 else { return nil }
    let pairs = stride(from: 0, to: digits.count, by: 2).map {
      String(digits.dropFirst($0).prefix(2))
    }
    return "20" + pairs.joined(separator: "-")
  }

  private static func isFlag(_ number: NSNumber) -> Bool {
    unsafe String(cString: number.objCType) == "c"
  }
}

extension Fixture {
  /// The values of a line of a JK board with its sensors as far as it lists them, -200 for one that is not
  /// there, and the one value that is rounded.
  static func sensors(_ values: [String: Any], of dialect: String) -> [String: Any] {
    guard dialect.hasPrefix("jk-") else { return values }
    var values = values
    if values["name"] as? String == "adc_vref" {
      values[JKWords.roundedValue] = values.removeValue(forKey: "value")
    }
    guard let told = values.removeValue(forKey: "temperatures_c") as? [NSNumber] else {
      return values
    }
    values[JKWords.firstSensors] = told.map { $0.doubleValue == -200 ? NSNull() : $0 as Any }
    return values
  }
}
