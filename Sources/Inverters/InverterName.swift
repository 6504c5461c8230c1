// SPDX-License-Identifier: Apache-2.0

/// A text by which a battery introduces itself to an inverter.
public enum InverterName: UInt8, CaseIterable, Sendable {
  case manufacturer, model, family, serial

  /// Where it comes from, in plain words.
  public var words: StaticString {
    switch self {
    case .manufacturer: "setting manufacturer, or the profile's own"
    case .model: "setting model, or the battery's own"
    case .family: "setting family, or the battery's maker"
    case .serial: "the battery's serial number"
    }
  }
}
