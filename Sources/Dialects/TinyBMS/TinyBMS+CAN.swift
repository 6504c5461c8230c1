// SPDX-License-Identifier: Apache-2.0

public import Wire

extension TinyBMS {
  /// The form in which the maker's converter from serial line to CAN speaks: 500 kbit/s, 11-bit
  /// identifiers, no checksum of its own, nothing unasked.
  ///
  /// Source: Protocols Rev D, CAN commands. That requests are padded to 8 bytes, that the length
  /// byte of a list counts the bytes of one value, and that 1E carries a length byte, is read from
  /// a client that was written against real units.
  public enum CAN {
    /// Identifier of requests to node 0, from which the node's number counts.
    public static let requestBase: UInt32 = 0x200
    /// Identifier of answers from node 0, from which the node's number counts.
    public static let replyBase: UInt32 = 0x240
    /// Nodes; 1 is the maker's default.
    public static let nodes: ClosedRange<UInt8> = 1...0x3F

    /// A request as the converter takes it.
    public enum Request: Equatable, Sendable {
      /// A command of the serial line; 07, 09, 0B, 0D and 1F do not exist here.
      case command(Command)
      /// One register of a write by function 10, counted from 0.
      case write(address: UInt16, count: UInt8, value: UInt16, index: UInt8)
      /// 28: asks for the node's number, sent to node 0.
      case readNode
      /// 29: gives the node another number; the answer comes from the new one.
      case writeNode(UInt8)
    }

    /// An answer of the converter.
    public enum Reply: Equatable, Sendable {
      /// An answer of the serial line.
      case reply(TinyBMS.Reply)
      /// 28 and 29: the node's number.
      case node(UInt8)
    }

    /// Whether a command exists on CAN.
    public static func exists(_ command: Command) -> Bool {
      switch command {
      case .readBlock, .readIndividual, .writeBlock, .writeIndividual, .extendedVersion: false
      default: true
      }
    }

    /// The frames that ask a node; none for commands that do not exist on CAN.
    ///
    /// One for each register of a write, one for anything else.
    public static func encode(_ command: Command, node: UInt8) -> [CANFrame] {
      guard exists(command) else { return [] }
      let id = requestBase + UInt32(node)
      if case .writeModbus(let address, let values) = command {
        var frames: [CANFrame] = []
        for (index, value) in values.prefix(100).enumerated() {
          var bytes: [UInt8] = [command.code]
          bytes.appendBig(address)
          bytes += [0, UInt8(min(100, values.count))]
          bytes.appendBig(value)
          bytes.append(UInt8(index))
          frames.append(CANFrame(id: id, bytes))
        }
        return frames
      }
      var bytes: [UInt8] = [command.code]
      switch command {
      case .reset(let what): bytes.append(what.rawValue)
      case .readModbus(let address, let count):
        bytes.appendBig(address)
        bytes += [0, count]
      case .settings(let which, let count): bytes += [which.rawValue, 0, count]
      default: break
      }
      return [padded(id, bytes)]
    }

    /// The frame that asks for a node's number.
    public static func encodeReadNode() -> CANFrame { padded(requestBase, [0x28]) }

    /// The frame that gives a node another number.
    public static func encodeWriteNode(_ new: UInt8, node: UInt8) -> CANFrame {
      padded(requestBase + UInt32(node), [0x29, new])
    }

    private static func padded(_ id: UInt32, _ bytes: [UInt8]) -> CANFrame {
      var bytes = bytes
      while bytes.count < 8 { bytes.append(0) }
      return CANFrame(id: id, bytes)
    }

    /// The request in a frame, padded or cut, with the node it is for; absent for anything else.
    ///
    /// A write of more than one register is joined by the caller.
    public static func parseRequest(_ frame: CANFrame) -> (node: UInt8, request: Request)? {
      guard !frame.isExtended, frame.count >= 1,
        (requestBase...requestBase + 0x3F).contains(frame.id)
      else { return nil }
      let node = UInt8(frame.id - requestBase)
      let bytes = frame.data
      let count = Int(frame.count)
      let request: Request?
      switch bytes[0] {
      case 0x02: request = count < 2 ? nil : Reset(rawValue: bytes[1]).map { .command(.reset($0)) }
      case 0x03:
        let isGood = count >= 5 && bytes[3] == 0 && (1...127).contains(bytes[4])
        request =
          isGood ? .command(.readModbus(address: word(bytes[1], bytes[2]), count: bytes[4])) : nil
      case 0x10:
        let isGood = count == 8 && bytes[3] == 0 && bytes[7] < bytes[4]
        request =
          isGood
          ? .write(
            address: word(bytes[1], bytes[2]), count: bytes[4], value: word(bytes[5], bytes[6]),
            index: bytes[7]) : nil
      case 0x1D:
        let which = count >= 4 && (1...100).contains(bytes[3]) ? Settings(rawValue: bytes[1]) : nil
        request = which.map { .command(.settings($0, count: bytes[3])) }
      case 0x28: request = .readNode
      case 0x29: request = count >= 2 && nodes.contains(bytes[1]) ? .writeNode(bytes[1]) : nil
      case let code:
        request = bare(code).flatMap { exists($0) ? .command($0) : nil }
      }
      return request.map { (node, $0) }
    }

    static func word(_ high: UInt8, _ low: UInt8) -> UInt16 { UInt16(high) << 8 | UInt16(low) }
  }
}
