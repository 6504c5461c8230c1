// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension ModbusMap {
  /// The language of the battery, from a map in which `problems` finds none.
  public var dialect: Dialect {
    let polls = polls
    let registers = registers
    return Dialect(
      name: name, title: title, maker: maker,
      summary: "\(title), by a register map of its owner's.", provenance: .documented,
      doors: [.uart(baud: baud), .rs485(baud: baud), .modbusTCP(unit: Int(unit))],
      registers: registers, polls: polls, modbusWake: modbusWake,
      tellsCutoffs: tellsCutoffs, transientCodes: Self.transientCodes,
      scan: ModbusRTU.scan,
      read: { frame, request, _, reading throws(WireError) in
        try read(frame, request, &reading)
      },
      explain: { request, chunks, _ in
        explain(request, chunks, registers) { words, reading throws(WireError) in
          try place(words, &reading)
        }
      })
  }

  /// Codes of an exception after which the same question may be answered: it takes longer, and busy.
  static let transientCodes: [UInt8] = [5, 6]

  /// What is asked by itself: all live blocks together, then each of the others.
  var polls: [Poll] {
    var polls: [Poll] = []
    let live = blocks.filter { $0.turn == .live }
    if !live.isEmpty { polls.append(Poll(live.map(question), .live)) }
    for block in blocks {
      switch block.turn {
      case .live: break
      case .every(let period):
        polls.append(Poll(question(block), .every(period), isOptional: block.isOptional))
      case .once:
        polls.append(Poll(question(block), .once, isOptional: block.isOptional))
      }
    }
    return polls
  }

  /// The question for a block.
  func question(_ block: Block) -> Request {
    Request(
      tag: UInt32(block.address) << 16 | UInt32(block.function) << 8 | UInt32(block.count),
      bytes: ModbusRTU.reading(unit, block.function, block.address, block.count),
      timeout: timeout, pauseAfter: pause)
  }

  /// A short question that opens a conversation through a gateway: the beginning of the first live block,
  /// as many registers as no block has, so that its answer is its own.
  private var modbusWake: Request? {
    guard let block = blocks.first(where: { $0.turn == .live }) else { return nil }
    let first = rows.first { $0.address == block.address && $0.function == block.function }
    let used = blocks.map { $0.count }
    var counts = first.map { [UInt16(clamping: $0.words)] } ?? []
    for count in 1...block.count { counts.append(count) }
    for count in counts where count <= block.count && !used.contains(count) {
      var start = block
      start.count = count
      return question(start)
    }
    return question(block)
  }

  /// Whether the battery tells its own cutoffs for sure.
  private var tellsCutoffs: Bool {
    rows.contains { row in
      guard case .cutoff = row.target else { return false }
      return blocks.contains { !$0.isOptional && $0.holds(row, step: step) }
    }
  }

  /// The registers of an answer to a request of any master.
  func words(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> ModbusWords {
    let data = try ModbusRTU.data(frame, request)
    guard let sent = request?.bytes else { throw .notAReading }
    return ModbusWords(
      function: sent[1], start: sent.span.bigUInt16(at: 2), step: step, bytes: data)
  }

  /// Takes a whole answer over, beside what other answers of the same poll said.
  func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading
  ) throws(WireError) {
    let words = try words(frame, request)
    var new = reading
    try place(words, &new)
    if isLast(words) { try ModbusBounds.checkWhole(new) }
    guard new.saysAnything else { throw .notAReading }
    reading = new
  }

  /// Whether an answer completes a poll of live values: only then may they be compared.
  private func isLast(_ words: ModbusWords) -> Bool {
    guard let last = blocks.last(where: { $0.turn == .live }) else { return false }
    return words.function == last.function && words.start == last.address
  }
}
