// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite("Filters of a bus")
struct CANFilterTests {
  private let board = CANFilter(id: 0x1800_4001, mask: 0x1F00_FFFF, isExtended: true)

  @Test("A filter takes what equals it in the bits that count")
  func accepts() {
    #expect(board.accepts(CANFrame(id: 0x1890_4001, isExtended: true, [])))
    #expect(!board.accepts(CANFrame(id: 0x1890_4002, isExtended: true, [])))
    #expect(CANFilter(id: 0x351).accepts(CANFrame(id: 0x351, [])))
    #expect(!CANFilter(id: 0x351).accepts(CANFrame(id: 0x351, isExtended: true, [])))
  }

  @Test("Two overlap where there is a frame that both take")
  func overlaps() {
    let next = CANFilter(id: 0x1800_4002, mask: 0x1F00_FFFF, isExtended: true)
    let low = CANFilter(id: 0x01, mask: 0xFF, isExtended: true)
    #expect(board.overlaps(board) && board.overlaps(low) && low.overlaps(board))
    #expect(!board.overlaps(next) && !next.overlaps(low))
    #expect(!CANFilter(id: 1).overlaps(CANFilter(id: 1, isExtended: true)))
  }
}
