// SPDX-License-Identifier: Apache-2.0

extension TinyBMS {
  /// How the answer to a command is cut.
  enum Shape {
    /// So many bytes in all.
    case fixed(Int)
    /// A length byte within these sizes, in whole steps from the lowest; 5 bytes more in all.
    case counted(ClosedRange<Int>, step: Int)
    /// Packets that carry so many bytes together.
    case packets(Int)
    /// An acknowledgement or a refusal, nothing else.
    case verdict
  }

  /// How the answer to a command is cut, given how many registers were `asked` for.
  static func shape(of code: UInt8, asked: Int) -> Shape {
    switch code {
    case 0x03: .counted(asked * 2...asked * 2, step: 2)
    case 0x07: .packets(asked * 2)
    case 0x09: .packets(asked * 4)
    case 0x10: .fixed(8)
    case 0x11, 0x12: .counted(4...200, step: 4)
    case 0x14, 0x15, 0x19, 0x1A: .fixed(8)
    case 0x16, 0x17, 0x18: .fixed(6)
    case 0x1B: .counted(6...6, step: 6)
    case 0x1C: .counted(2...32, step: 2)
    // A unit has fewer settings than may be asked for.
    case 0x1D: .counted(2...max(2, asked * 2), step: 2)
    case 0x1E: .counted(5...5, step: 5)
    case 0x1F: .counted(7...7, step: 7)
    case 0x20: .fixed(16)
    default: .verdict
    }
  }

  /// How many registers a request asks for, from its bytes.
  static func asked(_ request: [UInt8]) -> Int {
    switch request[1] {
    case 0x03, 0x10: Int(request[5])
    case 0x07: Int(request[2])
    case 0x09: Int(request[2]) / 2
    case 0x1D: Int(request[4])
    default: 0
    }
  }

  /// The whole length of an answer in packets that carries `size` bytes.
  static func packedLength(_ size: Int) -> Int {
    size + 5 * max(1, (size + packetPayload - 1) / packetPayload)
  }
}

extension TinyBMS.Command {
  /// How many registers it asks for.
  var asked: Int {
    switch self {
    case .readModbus(_, let count), .readBlock(_, let count), .settings(_, let count): Int(count)
    case .readIndividual(let addresses): addresses.count
    case .writeModbus(_, let values): values.count
    default: 0
    }
  }

  /// How many bytes the answer has in all; `nil` where the answer itself decides.
  public var replyLength: Int? {
    switch TinyBMS.shape(of: code, asked: asked) {
    case .fixed(let length): length
    case .counted(let sizes, _): sizes.lowerBound == sizes.upperBound ? 5 + sizes.lowerBound : nil
    case .packets(let size): TinyBMS.packedLength(size)
    case .verdict: 5
    }
  }
}
