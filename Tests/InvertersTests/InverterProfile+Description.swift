// SPDX-License-Identifier: Apache-2.0

public import Inverters
public import Testing

extension InverterProfile: CustomTestStringConvertible {
  /// The name, where all of its rows would fill a screen.
  public var testDescription: String { "\(name)" }
}
