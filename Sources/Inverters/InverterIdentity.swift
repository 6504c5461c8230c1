// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// How a battery introduces itself to an inverter.
///
/// The name is to be an honest one: a GX that reads `PYLON`, `BYD` or `LG` applies the special
/// treatment of that brand (dbus-systemcalc-py `delegates/dvcc.py`), which Cellbus does not want.
public struct InverterIdentity: Hashable, Sendable {
  /// Name of the maker, at most 8 characters; the rest is cut off.
  public var manufacturer: Label
  /// Name that the inverter shows, at most 16 characters; empty stands for the battery's own model.
  public var model: Label
  /// Family of products, at most 8 characters; empty is not sent.
  public var family: Label
  /// Serial number; empty stands for the battery's own.
  ///
  /// Of more than 16 characters the last 16 are sent.
  public var serial: Label
  /// Product number; 0 means none.
  public var product: UInt16
  /// State of health that the owner vouches for where the battery does not report one.
  public var health: Percent?

  /// An introduction; what is left out is the battery's own.
  public init(
    manufacturer: Label = Label("Cellbus"), model: Label = Label(), family: Label = Label(),
    serial: Label = Label(), product: UInt16 = 0, health: Percent? = nil
  ) {
    self.manufacturer = manufacturer
    self.model = model
    self.family = family
    self.serial = serial
    self.product = product
    self.health = health
  }
}
