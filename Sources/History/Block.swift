// SPDX-License-Identifier: Apache-2.0
package import Battery
import Quantities

/// Many records of one battery and one boot in few bytes, column by column.
///
/// The form, version 1: the letters "CB", the version, varints of battery, boot and count, then
/// columns in rising order of their number, each with its length so that unknown ones can be passed
/// over, and a CRC-32 of all that, lowest byte first. A column without any value is left out.
package struct Block: Sendable {
  /// The form that is written.
  package static let version: UInt8 = 1
  /// The most records in one block.
  package static let capacity = 4096

  /// Whose records they are.
  package let battery: Int
  /// Which boot they are of.
  package let boot: Int64
  /// How many there are.
  package let count: Int

  private let bytes: [UInt8]
  private var columns: [(number: Int, start: Int, end: Int)] = []

  /// The parts of a block, after its checksum has been found right.
  package init(_ bytes: [UInt8]) throws(BlockError) {
    guard bytes.count >= 3 else { throw .truncated }
    guard bytes[0] == 0x43, bytes[1] == 0x42 else { throw .notABlock }
    guard bytes[2] == Block.version else { throw .unknownVersion(bytes[2]) }
    let end = bytes.count - 4
    guard end > 3 else { throw .truncated }
    var crc: UInt32 = 0
    for index in 0..<4 { crc |= UInt32(bytes[end + index]) << UInt32(index * 8) }
    guard CRC32.of(bytes, count: end) == crc else { throw .badChecksum }
    var reader = ByteReader(bytes: bytes, position: 3, end: end)
    battery = try reader.count(upTo: .max)
    boot = try reader.zigzag()
    count = try reader.count(upTo: Block.capacity)
    guard count > 0 else { throw .malformed }
    self.bytes = bytes
    var last = -1
    while reader.position < end {
      let number = try reader.count(upTo: 1 << 16)
      let length = try reader.count(upTo: end - reader.position)
      guard number > last else { throw .malformed }
      columns.append((number, reader.position, reader.position + length))
      reader.position += length
      last = number
    }
  }

  /// The values of a column; `nil` where none of the records has one.
  func series(_ column: Column) throws(BlockError) -> [Int64?]? {
    guard let place = columns.first(where: { $0.number == column.number }) else { return nil }
    let reader = ByteReader(bytes: bytes, position: place.start, end: place.end)
    return try Series.read(reader, count: count)
  }

  /// The values of a column that every record has.
  func whole(_ column: Column) throws(BlockError) -> [Int64] {
    guard let values = try series(column) else { throw .malformed }
    var present: [Int64] = []
    present.reserveCapacity(values.count)
    for value in values {
      guard let value else { throw .malformed }
      present.append(value)
    }
    return present
  }

  /// Sequences and times of the records, in their order.
  package func index() throws(BlockError) -> [(sequence: Int64, moment: Moment)] {
    let sequences = try whole(.sequence)
    let ticks = try whole(.monotonic)
    let offsets = try whole(.offset)
    return (0..<count).map { index in
      let moment = Moment(Tick(ticks[index]), wall: ticks[index] &+ offsets[index])
      return (sequences[index], moment)
    }
  }

  /// The values of one point, one for each record; all absent where the block has none.
  package func values(of point: Point) throws(BlockError) -> [Int64?] {
    try series(.point(point)) ?? .init(repeating: nil, count: count)
  }
}

extension Block {
  /// A column of a block; its number is a fixed part of the format.
  struct Column {
    let number: Int

    static let sequence = Column(number: 0)
    static let monotonic = Column(number: 1)
    /// Wall clock less monotonic clock, which stays the same while nobody sets the wall clock.
    static let offset = Column(number: 2)
    static let derived = Column(number: 3)
    static let alarms = Column(number: 4)
    static let warnings = Column(number: 5)
    static let mode = Column(number: 6)
    static let freshness = Column(number: 7)
    static let balancing = Column(number: 8)
    /// How many places for sensors there are; the sensors themselves may be absent.
    static let sensors = Column(number: 9)

    static func cell(_ index: Int) -> Column { Column(number: 16 + index) }
    static func temperature(_ index: Int) -> Column { Column(number: 64 + index) }
    static func point(_ point: Point) -> Column { Column(number: 80 + Int(point.rawValue)) }
  }
}
