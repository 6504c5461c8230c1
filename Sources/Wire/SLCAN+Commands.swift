// SPDX-License-Identifier: Apache-2.0

extension SLCAN {
  /// The bus speeds that the commands `S0` to `S8` set.
  public enum Speed: UInt8, CaseIterable, Sendable {
    case kilobits10, kilobits20, kilobits50, kilobits100, kilobits125, kilobits250, kilobits500,
      kilobits800, kilobits1000

    /// The speed of this many bits a second; `nil` when there is no command for it.
    public init?(bitsPerSecond: UInt32) {
      for speed in Self.allCases where speed.bitsPerSecond == bitsPerSecond {
        self = speed
        return
      }
      return nil
    }

    /// Bits a second on the bus.
    public var bitsPerSecond: UInt32 {
      switch self {
      case .kilobits10: 10_000
      case .kilobits20: 20_000
      case .kilobits50: 50_000
      case .kilobits100: 100_000
      case .kilobits125: 125_000
      case .kilobits250: 250_000
      case .kilobits500: 500_000
      case .kilobits800: 800_000
      case .kilobits1000: 1_000_000
      }
    }
  }

  /// Opens the channel: ends a line that may have been left half-way, closes, sets the speed,
  /// opens.
  public static func opening(_ speed: Speed) -> [UInt8] {
    [
      0x0D, 0x0D, UInt8(ascii: "C"), 0x0D, UInt8(ascii: "S"), UInt8(ascii: "0") + speed.rawValue,
      0x0D,
      UInt8(ascii: "O"), 0x0D,
    ]
  }

  /// Closes the channel.
  public static var closing: [UInt8] { [UInt8(ascii: "C"), 0x0D] }
}
