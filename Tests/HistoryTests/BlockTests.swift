// SPDX-License-Identifier: Apache-2.0
import Battery
import Testing

@testable import History

@Suite struct BlockTests {
  @Test(arguments: UInt64(1)...40)
  func `whatever a record holds comes back`(seed: UInt64) throws {
    var random = Seeded(seed)
    let count = Int.random(in: 1...80, using: &random)
    let boot = Int64.random(in: .min ... .max, using: &random)
    let records = (0..<count).map {
      chance(&random, sequence: Int64($0 * 3), battery: 7, boot: boot)
    }
    let block = try Block(Block.encode(records))
    #expect(block.battery == 7 && block.boot == boot && block.count == count)
    #expect(try block.records() == records, "seed \(seed)")
  }

  @Test func `a point can be read without the rest`() throws {
    let records = house(seconds: 60, seed: 3)
    let block = try Block(Block.encode(records))
    #expect(try block.values(of: .current) == records.map { $0[.current] })
    #expect(try block.values(of: .timeToFull) == records.map { _ in nil })
    #expect(try block.index().map(\.moment) == records.map(\.moment))
  }

  @Test func `a minute of a real pack takes few bytes`() throws {
    var bytes = 0
    var values = 0
    for seed in UInt64(1)...10 {
      let records = house(seconds: 60, seed: seed)
      bytes += try Block.encode(records).count
      for record in records {
        values += Point.allCases.filter { record[$0] != nil }.count
        values += record.reading.cells.count + 2 + 3
      }
    }
    let share = Double(bytes) / Double(values)
    print("block: \(bytes / 10) B a minute, \(values / 600) values a record, \(share) B a value")
    #expect(share < 3)
  }

  @Test func `no changed byte goes unseen`() throws {
    let bytes = try Block.encode(house(seconds: 20, seed: 5))
    for index in bytes.indices {
      for mask in [UInt8(0x01), 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= mask
        #expect(throws: BlockError.self) { try Block(changed) }
      }
    }
  }

  @Test func `no shortened block is taken for whole`() throws {
    let bytes = try Block.encode(house(seconds: 20, seed: 6))
    for count in 0..<bytes.count {
      #expect(throws: BlockError.self) { try Block(Array(bytes.prefix(count))) }
    }
    #expect(throws: BlockError.self) { try Block(bytes + [0]) }
  }

  /// A checksum that holds proves nothing about who wrote the bytes.
  @Test(arguments: UInt64(1)...8)
  func `damage under a right checksum never traps`(seed: UInt64) throws {
    var random = Seeded(seed)
    let bytes = try Block.encode(house(seconds: 30, seed: seed))
    var refused = 0
    for _ in 0..<1500 {
      var changed = Array(bytes.dropLast(4))
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 3..<changed.count, using: &random)
        changed[index] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        changed.removeLast(Int.random(in: 0..<changed.count - 4, using: &random))
      }
      let crc = CRC32.of(changed, count: changed.count)
      for shift in [0, 8, 16, 24] { changed.append(UInt8(truncatingIfNeeded: crc >> shift)) }
      do {
        let records = try Block(changed).records()
        #expect(records.count <= Block.capacity)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100, "seed \(seed)")
  }

  @Test func `a column that a later version adds is passed over`() throws {
    let records = house(seconds: 5, seed: 2)
    var bytes = Array(try Block.encode(records).dropLast(4))
    bytes.appendVarint(200)
    bytes.appendVarint(3)
    bytes += [9, 9, 9]
    let crc = CRC32.of(bytes, count: bytes.count)
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: crc >> shift)) }
    #expect(try Block(bytes).records() == records)
  }

  @Test func `a later version is named`() throws {
    var bytes = try Block.encode([plain(0)])
    bytes[2] = 9
    #expect(throws: BlockError.unknownVersion(9)) { try Block(bytes) }
  }

  @Test func `records of two batteries or boots make no block`() {
    #expect(throws: BlockError.unpackable) { try Block.encode([]) }
    #expect(throws: BlockError.unpackable) { try Block.encode([plain(0), plain(1, battery: 2)]) }
    #expect(throws: BlockError.unpackable) { try Block.encode([plain(0), plain(1, boot: 2)]) }
  }

  @Test func `the checksum is the common one`() {
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    #expect(CRC32.of(Array("123456789".utf8), count: 9) == 0xCBF4_3926)
  }
}
