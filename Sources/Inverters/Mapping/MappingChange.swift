// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One thing that an owner wants otherwise than a profile has it.
public struct MappingChange: Hashable, Sendable {
  /// What is to be otherwise.
  public enum What: Hashable, Sendable {
    /// The frame is not sent, or the field says that its value is not known.
    case omit
    /// Milliseconds from one frame to the next.
    case period(Int64)
    /// Another value of the battery.
    case source(Point)
    /// Characters instead of what the battery says.
    case text(Label)
    /// What the value is multiplied by, in millionths.
    case scale(Int64)
  }

  /// Identifier of the frame.
  public let id: UInt32
  /// Name of the field; `nil` is the frame as a whole.
  public let field: Label?
  /// What is to be otherwise.
  public let what: What

  /// A change of a frame, or of a field in it.
  public init(_ id: UInt32, _ field: Label? = nil, _ what: What) {
    self.id = id
    self.field = field
    self.what = what
  }
}

/// Why a profile does not take a change.
public struct MappingRefusal: Error, Sendable {
  /// What would be taken, and why only that, in words that follow "expected".
  public let expected: StaticString

  init(_ expected: StaticString) { self.expected = expected }
}
