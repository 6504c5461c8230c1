// SPDX-License-Identifier: Apache-2.0

/// How well the frames of a language are protected against damage on their way.
public enum FrameCheck: UInt8, CaseIterable, Sendable {
  /// A cyclic check of 16 bits: one random damage in 65,536 passes.
  case crc16
  /// A sum of 16 bits, nearly as good.
  case sum16
  /// A cyclic check of 8 bits: one random damage in 256 passes.
  case crc8
  /// A sum of 8 bits: one random damage in 256 passes, and every exchange of two bytes.
  case sum8
  /// An exclusive-or of 8 bits, as weak as the sum.
  case xor8
  /// The bus itself checks each frame, as CAN does with 15 bits, and repeats what is damaged.
  case bus

  /// Whether what passes may still be damaged so often that a surprise must be seen twice.
  public var isWeak: Bool {
    switch self {
    case .crc16, .sum16, .bus: false
    case .crc8, .sum8, .xor8: true
    }
  }

  /// The name in JSON.
  public var name: StaticString {
    switch self {
    case .crc16: "crc16"
    case .sum16: "sum16"
    case .crc8: "crc8"
    case .sum8: "sum8"
    case .xor8: "xor8"
    case .bus: "bus"
    }
  }
}
