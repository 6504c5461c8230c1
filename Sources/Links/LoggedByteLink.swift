// SPDX-License-Identifier: Apache-2.0
import Wire

/// A wire whose bytes are also recorded; trouble with the recording never touches the wire.
package final class LoggedByteLink: ByteLink {
  private let link: any ByteLink
  /// Where bytes are recorded; `nil` records none, and may be changed while the wire is open.
  package var log: TrafficLog?
  /// Whether the opening of the wire was told last, and not its end.
  private var wasOpen = false

  /// A wire and its recording.
  package init(_ link: any ByteLink, log: TrafficLog?) {
    self.link = link
    self.log = log
  }

  package var name: String { link.name }
  package var descriptor: Int32? { link.descriptor }
  package var isOpen: Bool { link.isOpen }
  package var isReady: Bool { link.isReady }
  package var counters: LinkCounters { link.counters }
  package var health: CANHealth? { link.health }
  package var hasUnsent: Bool { link.hasUnsent }

  package func open() throws(LinkError) {
    let isNew = !link.isOpen
    try link.open()
    wasOpen = true
    if isNew { log?.record(.opened) }
  }

  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    let start = buffer.count
    do throws(LinkError) {
      let count = try link.receive(into: &buffer)
      if count > 0 { log?.record(.received(Array(buffer[start...]))) }
      return count
    } catch {
      noteEnd()
      throw error
    }
  }

  package func send(_ bytes: [UInt8]) throws(LinkError) {
    do throws(LinkError) {
      try link.send(bytes)
      if !bytes.isEmpty { log?.record(.sent(bytes)) }
    } catch {
      noteEnd()
      throw error
    }
  }

  package func close() {
    link.close()
    noteEnd()
  }

  /// Tells once that a wire which was open is so no longer.
  private func noteEnd() {
    guard wasOpen, !link.isOpen else { return }
    wasOpen = false
    log?.record(.closed)
  }
}
