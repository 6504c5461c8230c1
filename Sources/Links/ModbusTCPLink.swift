// SPDX-License-Identifier: Apache-2.0
import Wire

/// A Modbus line behind a gateway that speaks Modbus TCP.
///
/// It takes and gives the frames of the serial line, checksum included, so that a conversation need
/// not know of the network. One request is in flight at a time: an answer that does not bear its
/// number, its unit and its function is dropped. The checksum of an answer is made here; what
/// guards the bytes on their way is TCP, and on the serial line the gateway.
package final class ModbusTCPLink: ByteLink {
  private let line: any ByteLink
  private var own = LinkCounters()
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var transaction: UInt16 = 0
  /// What an answer must bear.
  private var pending: (unit: UInt8, function: UInt8)?
  /// Messages of another protocol in a row.
  private var foreign = 0

  /// A Modbus line over a connection, which this link opens and closes.
  package init(over line: any ByteLink) { self.line = line }

  /// A Modbus line behind the gateway at this host and port.
  package convenience init(host: String, port: UInt16) {
    self.init(over: TCPLink(host: host, port: port))
  }

  package var name: String { line.name }
  package var descriptor: Int32? { line.descriptor }
  package var isReady: Bool { line.isReady }
  package var hasUnsent: Bool { line.hasUnsent }

  package var counters: LinkCounters {
    var all = line.counters
    all.framesIn = own.framesIn
    all.framesOut = own.framesOut
    all.errors += own.errors
    return all
  }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    forget()
    try line.open()
  }

  package func close() {
    forget()
    line.close()
  }

  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    let start = buffer.count
    // A bounded number of refills: foreign messages without end must not hold the caller.
    for _ in 0..<16 {
      guard try line.receive(into: &input) > 0 else { break }
      try take(&buffer)
      if buffer.count > start { break }
    }
    return buffer.count - start
  }

  package func send(_ bytes: [UInt8]) throws(LinkError) {
    guard line.isOpen else { throw .closed(path: name) }
    guard ModbusTCP.isRequest(bytes.span) else {
      own.errors += 1
      let command = bytes.count > 1 ? Hex.byte(bytes[1]) : "nothing"
      throw .unsupported(
        path: name,
        what: "carry command \(command): Modbus TCP has the functions of Modbus alone. A serial "
          + "server that passes bytes on as they are can")
    }
    output.removeAll(keepingCapacity: true)
    ModbusTCP.append(bytes.span, transaction: transaction &+ 1, to: &output)
    try line.send(output)
    transaction &+= 1
    pending = (bytes[0], bytes[1])
    own.framesOut += 1
  }

  /// Takes the whole messages out of what was received.
  private func take(_ buffer: inout [UInt8]) throws(LinkError) {
    var bytes: [UInt8] = []
    swap(&bytes, &input)
    var head = 0
    while true {
      let rest = bytes.span.extracting(head..<bytes.count)
      switch ModbusTCP.scan(rest) {
      case .incomplete:
        input.append(contentsOf: bytes[head...])
        return
      case .lost: throw outOfStep()
      case .foreign(let length):
        own.errors += 1
        head += length
        foreign += 1
        // Once may be a stray message; twice is a stream that was misread.
        if foreign > 1 { throw outOfStep() }
      case .message(let length):
        head += length
        foreign = 0
        take(rest.extracting(0..<length), &buffer)
      }
    }
  }

  private func take(_ message: borrowing Span<UInt8>, _ buffer: inout [UInt8]) {
    guard let pending, ModbusTCP.transaction(message) == transaction,
      ModbusTCP.answers(message, unit: pending.unit, function: pending.function)
    else {
      own.errors += 1
      return
    }
    self.pending = nil
    own.framesIn += 1
    ModbusTCP.append(frameOf: message, to: &buffer)
  }

  /// Closes: what follows in the stream can no longer be told apart.
  private func outOfStep() -> LinkError {
    own.errors += 1
    close()
    return .vanished(path: name)
  }

  private func forget() {
    input.removeAll(keepingCapacity: true)
    pending = nil
    foreign = 0
  }
}
