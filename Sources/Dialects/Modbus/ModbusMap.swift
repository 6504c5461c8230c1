// SPDX-License-Identifier: Apache-2.0

/// The register map of a battery that speaks Modbus, as data: what to ask and what the answers mean.
///
/// From it comes a whole `Dialect`, without a line of code for the battery.
public struct ModbusMap: Sendable, Hashable {
  /// The name in settings and on the command line.
  public var name: String
  /// The name that people read.
  public var title: String
  /// Who makes the battery; empty where nobody said.
  public var maker = ""
  /// Number of the battery on its line.
  public var unit: UInt8 = 1
  /// Bits a second on a serial line.
  public var baud = 9600
  /// By how much the address grows from one register to the next: 1, or 2 where addresses count
  /// bytes.
  public var step: UInt16 = 1
  /// How long an answer may take, in milliseconds.
  public var timeout: Int64 = 500
  /// How long the battery is left alone after an answer, in milliseconds.
  public var pause: Int64 = 20
  /// Registers that are asked for together.
  public var blocks: [Block] = []
  /// What stands in them.
  public var rows: [Row] = []

  /// A map without blocks and rows.
  public init(name: String, title: String) {
    self.name = name
    self.title = title
  }

  /// Registers that are asked for in one question.
  public struct Block: Sendable, Hashable {
    /// 3 for holding registers, 4 for input registers.
    public var function: UInt8
    /// Address of the first.
    public var address: UInt16
    /// How many.
    public var count: UInt16
    /// How often.
    public var turn: Turn
    /// Whether many batteries of the kind do not answer it: that is no fault then.
    public var isOptional: Bool

    /// Registers that are asked for together; holding registers at the live pace unless told
    /// otherwise.
    public init(
      _ address: UInt16, _ count: UInt16, function: UInt8 = 3, _ turn: Turn = .live,
      isOptional: Bool = false
    ) {
      self.function = function
      self.address = address
      self.count = count
      self.turn = turn
      self.isOptional = isOptional
    }
  }

  /// How often a block is read.
  public enum Turn: Sendable, Hashable {
    /// With each reading of the live values, all such blocks together.
    case live
    /// So many milliseconds after it was last due.
    case every(Int64)
    /// Once each time that the line is opened.
    case once
  }

  /// How registers make a number.
  public enum Form: UInt8, Sendable, CaseIterable {
    case uint16, int16, uint32, int32, float32
    /// The first byte of a register on the wire, and the second.
    case uint8High, uint8Low
    /// Characters, two in each register.
    case text

    /// The name in settings.
    public var name: StaticString {
      switch self {
      case .uint16: "u16"
      case .int16: "s16"
      case .uint32: "u32"
      case .int32: "s32"
      case .float32: "float32"
      case .uint8High: "u8_high"
      case .uint8Low: "u8_low"
      case .text: "text"
      }
    }

    /// How many registers one value takes; of a text, each has its own count.
    public var words: Int {
      switch self {
      case .uint32, .int32, .float32: 2
      default: 1
      }
    }
  }

  /// In which order two registers make one number.
  public enum WordOrder: UInt8, Sendable, CaseIterable {
    case highFirst, lowFirst

    /// The name in settings.
    public var name: StaticString {
      switch self {
      case .highFirst: "high_first"
      case .lowFirst: "low_first"
      }
    }
  }
}

extension ModbusMap.Block {
  /// Where an address stands in the block, counted in registers from its first; `nil` where it does
  /// not stand there.
  func place(of address: UInt16, step: UInt16) -> Int? {
    guard address >= self.address, (address - self.address) % step == 0 else { return nil }
    let place = Int((address - self.address) / step)
    return place < Int(count) ? place : nil
  }

  /// Whether it holds all registers of a row.
  func holds(_ row: ModbusMap.Row, step: UInt16) -> Bool {
    guard row.function == function, let place = place(of: row.address, step: step) else {
      return false
    }
    return place + row.words <= Int(count)
  }
}
