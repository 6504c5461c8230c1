// SPDX-License-Identifier: Apache-2.0
package import Wire

/// A bus whose frames are also written to a log; trouble with the log never touches the bus.
package final class LoggedFrameLink: FrameLink {
  private let link: any FrameLink
  private let log: CandumpLog
  /// The bus's name in the log.
  package let interface: String

  /// A bus and its log, where it is called `interface`, or by default the last part of its name.
  package init(_ link: any FrameLink, log: CandumpLog, interface: String? = nil) {
    self.link = link
    self.log = log
    let last = link.name.split(separator: "/").last.map(String.init) ?? "can"
    // canplayer takes one word of at most 15 characters.
    let word = (interface ?? last).utf8.filter { $0 > 32 }.prefix(15)
    self.interface = String(decoding: word, as: UTF8.self)
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
    if let frame { log.record(frame, on: interface) }
    return frame
  }

  package func send(_ frame: CANFrame) throws(LinkError) {
    try link.send(frame)
    log.record(frame, on: interface)
  }

  package func close() { link.close() }
}
