// SPDX-License-Identifier: Apache-2.0

/// Why something that was received is not believed.
public struct Objection: Sendable {
  /// The kinds of reasons.
  public enum Kind: UInt8, CaseIterable, Sendable {
    /// The checksum does not hold.
    case checksum
    /// A byte, a length or an address that no answer to the question has.
    case shape
    /// The answer ended too early, or bytes of it were lost.
    case cut
    /// Bytes came that are no answer in this language at all.
    case babble
    /// A value that no battery can have.
    case range
    /// Values of one reading that cannot all be true, such as cells that do not add up to the pack.
    case sum
    /// A value that changed faster than a battery can; it waits for a second reading that agrees.
    case jump
    /// Something that seldom changes did so, where the checksum is weak; it waits likewise.
    case change
    /// The first reading, where the checksum is weak; it waits likewise.
    case first
    /// A sensor began to tell the number that stands for none.
    case sentinel

    /// How many kinds there are.
    public static let count = 10

    /// Whether it is only withheld until a second reading agrees.
    public var isWithheld: Bool {
      switch self {
      case .jump, .change, .first: true
      default: false
      }
    }

    /// The name in JSON.
    public var name: StaticString {
      switch self {
      case .checksum: "checksum"
      case .shape: "shape"
      case .cut: "cut"
      case .babble: "babble"
      case .range: "range"
      case .sum: "sum"
      case .jump: "jump"
      case .change: "change"
      case .first: "first"
      case .sentinel: "sentinel"
      }
    }

    /// One plain sentence on what it usually means.
    public var meaning: StaticString {
      switch self {
      case .checksum: "Bits were turned on the way: interference, a long cable, a bad ground."
      case .shape:
        "A frame was torn or another device answered: two programs or two batteries on one line."
      case .cut:
        "Bytes were lost: a loose contact, an overloaded adapter, a buffer that is too small."
      case .babble: "What came is no answer at all: a wrong speed, swapped wires, another language."
      case .range: "The battery measures what cannot be: a loose sense wire, or a fault inside it."
      case .sum:
        "Cells and pack do not agree: a loose sense wire, or a pack voltage not calibrated."
      case .jump: "A value leapt; it was taken when a second reading agreed, and else never."
      case .change: "Something seldom leapt on a weakly checked line; it was taken when confirmed."
      case .first: "The first reading on a weakly checked line waits for a second that agrees."
      case .sentinel: "A temperature sensor came off: it is shown as absent."
      }
    }
  }

  /// Which kind it is.
  public let kind: Kind
  /// What is wrong, to be read after "the checksum holds, but".
  public let what: StaticString

  /// An objection.
  public init(_ kind: Kind, _ what: StaticString) {
    self.kind = kind
    self.what = what
  }
}
