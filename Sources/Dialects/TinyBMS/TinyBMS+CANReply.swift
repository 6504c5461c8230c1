// SPDX-License-Identifier: Apache-2.0

import Quantities
public import Wire

extension TinyBMS.CAN {
  /// The frames in which a node answers; none for answers that do not exist on CAN.
  ///
  /// One frame for a single value, one for each value of a list, numbered from 0.
  public static func encode(_ reply: TinyBMS.Reply, node: UInt8) -> [CANFrame] {
    let id = replyBase + UInt32(node)
    switch reply {
    case .acknowledged(let command): return [CANFrame(id: id, [1, command])]
    case .refused(let command, let code): return [CANFrame(id: id, [0, command, code])]
    case .readBlock, .readIndividual, .extendedVersion: return []
    default: break
    }
    guard let code = reply.code else { return [] }
    if case .writtenModbus = reply { return [CANFrame(id: id, [1, code])] }
    var data: [UInt8] = []
    reply.appendData(to: &data)
    guard let size = valueSize(code) else {
      var bytes: [UInt8] = [1, code]
      if code == 0x1E { bytes.append(UInt8(data.count)) }
      return [CANFrame(id: id, bytes + data)]
    }
    var frames: [CANFrame] = []
    for index in 0..<data.count / size {
      var bytes: [UInt8] = [1, code, UInt8(size)]
      bytes += data[index * size..<(index + 1) * size]
      bytes.append(UInt8(truncatingIfNeeded: index))
      frames.append(CANFrame(id: id, bytes))
    }
    return frames
  }

  /// The frame in which a node tells its number, in answer to 28 or 29.
  public static func encodeNode(_ node: UInt8, command: UInt8) -> CANFrame {
    CANFrame(id: replyBase + UInt32(node), [1, command, node])
  }

  /// Bytes of one value of a list; `nil` for commands that answer in one frame.
  private static func valueSize(_ code: UInt8) -> Int? {
    switch code {
    case 0x03, 0x1B, 0x1C, 0x1D: 2
    case 0x11, 0x12, 0x20: 4
    default: nil
    }
  }

  /// The answer to a command that these frames of one node hold, in their order.
  ///
  /// Errors: `truncated` when a list lacks a value, `unexpected` where a frame does not fit.
  public static func parse(_ frames: [CANFrame], to command: TinyBMS.Command)
    throws(WireError) -> TinyBMS.Reply
  {
    guard let first = frames.first else { throw .truncated(got: 0, needed: 2) }
    guard first.count >= 2 else { throw .truncated(got: Int(first.count), needed: 2) }
    guard first.data[0] <= 1 else { throw .unexpected(byte: first.data[0], at: 0) }
    guard first.data[1] == command.code, TinyBMS.CAN.exists(command) else {
      throw .unexpected(byte: first.data[1], at: 1)
    }
    if first.data[0] == 0 {
      guard first.count >= 3 else { throw .truncated(got: Int(first.count), needed: 3) }
      return .refused(command: command.code, code: first.data[2])
    }
    if case .reset = command { return .acknowledged(command: command.code) }
    if case .writeModbus(let address, let values) = command {
      return .writtenModbus(address: address, count: UInt8(truncatingIfNeeded: values.count))
    }
    let data = try join(frames, command)
    // The serial line's frame around the same data says the same.
    var bytes: [UInt8] = [TinyBMS.start, command.code]
    switch TinyBMS.shape(of: command.code, asked: command.asked) {
    case .counted: bytes.append(UInt8(truncatingIfNeeded: data.count))
    default: break
    }
    bytes += data
    TinyBMS.seal(&bytes)
    return try TinyBMS.Reply(bytes.span, to: command)
  }

  /// The number that a node tells in answer to 28 or 29; `nil` for anything else.
  public static func parseNode(_ frame: CANFrame) -> UInt8? {
    guard !frame.isExtended, frame.count >= 3, frame.data[0] == 1,
      frame.data[1] == 0x28 || frame.data[1] == 0x29, nodes.contains(frame.data[2])
    else { return nil }
    return frame.data[2]
  }

  /// The node that answers with an identifier; `nil` for other identifiers.
  public static func node(ofReply id: UInt32) -> UInt8? {
    guard (replyBase...replyBase + 0x3F).contains(id) else { return nil }
    return UInt8(id - replyBase)
  }

  private static func join(_ frames: [CANFrame], _ command: TinyBMS.Command)
    throws(WireError) -> [UInt8]
  {
    var data: [UInt8] = []
    guard let size = valueSize(command.code) else {
      let start = command.code == 0x1E ? 3 : 2
      let end = min(Int(frames[0].count), start + singleSize(command.code))
      guard end - start == singleSize(command.code) else {
        throw .truncated(got: Int(frames[0].count), needed: start + singleSize(command.code))
      }
      return frames[0].data.span.copy(start, end)
    }
    for (index, frame) in frames.enumerated() {
      guard Int(frame.count) >= size + 4 else {
        throw .truncated(got: Int(frame.count), needed: size + 4)
      }
      guard frame.id == frames[0].id, frame.data[0] == 1, frame.data[1] == command.code else {
        throw .unexpected(byte: frame.data[1], at: 1)
      }
      guard Int(frame.data[2]) == size else { throw .unexpected(byte: frame.data[2], at: 2) }
      guard Int(frame.data[3 + size]) == index else {
        throw .unexpected(byte: frame.data[3 + size], at: 3 + size)
      }
      for place in 3..<3 + size { data.append(frame.data[place]) }
    }
    let needed = command.replyLength.map { $0 == 16 ? 12 : $0 - 5 }
    if let needed, data.count < needed { throw .truncated(got: data.count, needed: needed) }
    return data
  }

  /// Bytes of the value of a command that answers in one frame.
  private static func singleSize(_ code: UInt8) -> Int {
    switch code {
    case 0x14, 0x15, 0x19, 0x1A: 4
    case 0x1E: 5
    default: 2
    }
  }
}
