// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What a battery has just told, and what its conversation has taught.
public struct ControlSight: Sendable {
  /// The live reading.
  public var reading: Reading
  /// What the conversation has learnt.
  public var facts: Facts

  /// A sight from its parts.
  public init(_ reading: Reading, _ facts: Facts = Facts()) {
    self.reading = reading
    self.facts = facts
  }
}

/// How an order is given to a battery and seen to be carried out.
public enum ControlWay: Sendable {
  /// By requests of its own, in a mode where there is one.
  case requests([Request], SettingsMode?, ControlProof)
  /// By a setting, which is planned, written, read back and undone as every other.
  case setting(StaticString, Int64)
  /// Not at all.
  case refused(ControlRefusal)
}

/// What shows that an order was carried out.
public enum ControlProof: Sendable {
  /// The next live readings.
  case reading
  /// This answer to this question.
  case answer(Request, [UInt8])
  /// That answers to this question tell the setting as it was ordered, and that the next live readings then
  /// show it.
  ///
  /// For boards that acknowledge nothing: a switch that a protection holds open proves no order. An order that
  /// was not taken is given again.
  case told(Request, @Sendable ([UInt8]) -> Bool)
  /// That the battery answers again.
  case life
}

/// The time of day that a battery's clock is set to.
public struct ControlMoment: Sendable {
  /// Year, month, day, hour, minute and second; the year without its century.
  public var fields: [6 of UInt8]

  /// A moment from its fields.
  public init(_ fields: [6 of UInt8]) { self.fields = fields }
}
