// SPDX-License-Identifier: Apache-2.0

/// Which frames of a bus are of interest: those whose identifier equals `id` in the bits of `mask`.
@frozen public struct CANFilter: Hashable, BitwiseCopyable, Sendable {
  /// The identifier.
  public var id: UInt32
  /// The bits that count.
  public var mask: UInt32
  /// Whether identifiers have 29 bits.
  public var isExtended: Bool

  /// A filter; by default for one identifier of 11 bits.
  public init(id: UInt32, mask: UInt32 = 0x7FF, isExtended: Bool = false) {
    self.id = id
    self.mask = mask
    self.isExtended = isExtended
  }

  /// Whether a frame is of interest.
  public func accepts(_ frame: CANFrame) -> Bool {
    frame.isExtended == isExtended && frame.id & mask == id & mask
  }

  /// Whether there is an identifier that both take.
  public func overlaps(_ other: CANFilter) -> Bool {
    guard isExtended == other.isExtended else { return false }
    let both = mask & other.mask
    return id & both == other.id & both
  }
}
