// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A bus whose frames are also written to a log; trouble with the log never touches the bus.
package final class LoggedFrameLink: FrameLink {
  private let link: any FrameLink
  /// Where frames are written; `nil` writes none, and may be changed while the bus is open.
  package var log: CandumpLog?
  /// The bus's name in the log.
  package let interface: String

  /// A bus and its log, where it is called `interface`, or by default the last part of its name.
  package init(_ link: any FrameLink, log: CandumpLog?, interface: String? = nil) {
    self.link = link
    self.log = log
    self.interface = (interface ?? link.name).wireWord
  }

  package var name: String { link.name }
  package var descriptor: Int32? { link.descriptor }
  package var isOpen: Bool { link.isOpen }
  package var counters: LinkCounters { link.counters }
  package var hasUnsent: Bool { link.hasUnsent }
  package var health: CANHealth? { link.health }

  package func open() throws(LinkError) { try link.open() }

  package func receive() throws(LinkError) -> CANFrame? {
    let frame = try link.receive()
    if let frame { log?.record(frame, on: interface) }
    return frame
  }

  package func send(_ frame: CANFrame) throws(LinkError) {
    try link.send(frame)
    log?.record(frame, on: interface)
  }

  package func close() { link.close() }
}

extension String {
  /// A link's name as one word for a log: its last part, of at most 15 characters, which is what
  /// canplayer takes.
  var wireWord: String {
    let last = split(separator: "/").last.map(String.init) ?? "wire"
    let word = last.utf8.filter { $0 > 32 && $0 != 127 }.prefix(15)
    return word.isEmpty ? "wire" : String(decoding: word, as: UTF8.self)
  }
}
