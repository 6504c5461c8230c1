// SPDX-License-Identifier: Apache-2.0

import Quantities

extension TinyBMS {
  /// The parts of the register map that an answer tells about, whichever command it answers.
  static func blocks(_ reply: Reply, to command: Command) -> [Block] {
    switch (reply, command) {
    case (.readModbus(let words), .readModbus(let address, _)),
      (.readBlock(let words), .readBlock(let address, _)):
      return blocks(words, from: address)
    case (.readIndividual(let words), _): return blocks(words)
    case (.settings(let words), .settings(.current, _)): return blocks(words, from: 300)
    case (.cells(let cells), _):
      // The cells there are, which stand at the top of registers 0 to 15.
      guard cells.count <= maximumCells else { return [] }
      var block = Block(base: Block.live)
      for register in 0..<UInt16(maximumCells) { block[register] = 0 }
      block.take(cells, address: UInt16(maximumCells - cells.count))
      return [block]
    default: break
    }
    var live = Block(base: Block.live)
    switch reply {
    case .packVoltage(let number): live.take(number.bits, at: 36)
    case .packCurrent(let number): live.take(number.bits, at: 38)
    case .highestCell(let word): live[41] = word
    case .lowestCell(let word): live[40] = word
    case .status(let word): live[50] = word
    case .lifetime(let seconds): live.take(seconds, at: 32)
    case .soc(let steps): live.take(steps, at: 46)
    case .temperatures(let inside, let first, let second):
      live[48] = UInt16(bitPattern: inside)
      live[42] = UInt16(bitPattern: first)
      live[43] = UInt16(bitPattern: second)
    case .trip(let speed, let distance, let time):
      live.take(speed.bits, at: 54)
      live[44] = UInt16(clamping: distance)
      live.take(time, at: 34)
    case .version(let version), .extendedVersion(let version, _, _):
      return [block(version)]
    default: break
    }
    return live.isEmpty ? [] : [live]
  }

  /// Registers 500 and 502 as a version tells them.
  ///
  /// Register 501 has more in it than a version tells and stays absent.
  private static func block(_ version: Version) -> Block {
    var block = Block(base: Block.version)
    block[500] = UInt16(version.hardware) | UInt16(version.hardwareChanges) << 8
    block[502] = version.internalFirmware
    return block
  }

  /// Words from `address` on, by part of the map.
  static func blocks(_ words: [UInt16], from address: UInt16) -> [Block] {
    var pairs: [Word] = []
    pairs.reserveCapacity(words.count)
    for (index, word) in words.enumerated() {
      pairs.append(Word(address &+ UInt16(truncatingIfNeeded: index), word))
    }
    return blocks(pairs)
  }

  /// Single words, by part of the map.
  static func blocks(_ words: [Word]) -> [Block] {
    var blocks: [Block] = []
    for index in 0..<4 {
      var block = Block(base: Block.bases[index])
      for word in words { block[word.address] = word.value }
      if !block.isEmpty { blocks.append(block) }
    }
    return blocks
  }
}
