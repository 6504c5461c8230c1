// SPDX-License-Identifier: Apache-2.0

/// The event memory of a simulated TinyBMS: the last 49 events, oldest first.
public struct EventMemory: Sendable {
  /// How many events it keeps.
  public static let capacity = 49

  /// One event.
  public struct Event: Hashable, Sendable {
    /// When, on the unit's lifetime clock, s; the wire carries its low 24 bits.
    public let seconds: UInt32
    /// What, by the ids of the document's event table.
    public let id: UInt8
  }

  /// What happened, oldest first.
  public private(set) var events: [Event] = []
  /// How many of them have not been asked for by command 11 yet.
  private(set) var unread = 0

  /// Nothing has happened yet.
  public init() {}

  /// Adds an event; the oldest makes room.
  mutating func add(_ id: UInt8, at seconds: UInt32) {
    if events.count == Self.capacity { events.removeFirst() }
    events.append(Event(seconds: seconds, id: id))
    unread = min(unread + 1, Self.capacity)
  }

  /// The events since the last time they were asked for.
  mutating func takeUnread() -> ArraySlice<Event> {
    defer { unread = 0 }
    return events.suffix(unread)
  }

  /// Forgets everything.
  mutating func clear() { self = EventMemory() }

  /// The word at a place of the block of registers that begins at 200; 0 where there is no event.
  func word(at place: Int) -> UInt16 {
    guard place / 2 < events.count else { return 0 }
    let event = events[place / 2]
    if place % 2 == 0 { return UInt16(truncatingIfNeeded: event.seconds) }
    return UInt16(truncatingIfNeeded: event.seconds >> 16 & 0xFF) | UInt16(event.id) << 8
  }
}
