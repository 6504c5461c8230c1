// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities
import Simulation
import Wire

/// A CAN interface of the kernel on which a simulated battery stands.
final class CANPort: BenchPort {
  private let link: SocketCANLink

  /// Opens the interface.
  init(interface: String) throws(LinkError) {
    link = SocketCANLink(interface: interface)
    try link.open()
  }

  var title: String { link.name }

  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError) {
    guard let descriptor = link.descriptor else { return }
    try reactor.watch(descriptor) { [unowned self] _ in
      var records: [UInt8] = []
      while let frame = try? self.link.receive() { CANRecord.append(frame, to: &records) }
      if !records.isEmpty { ears.received(records.span) }
    }
  }

  // What the bus does not take is lost; the reader asks again.
  func send(_ bytes: [UInt8]) {
    if let frame = CANRecord.frame(bytes.span) { try? link.send(frame) }
  }

  func run(at now: Tick) -> Tick { .never }
}

/// A serial-line CAN adapter with a simulated battery on its bus.
final class AdapterPort: BenchPort {
  private let pty: Pty
  private var adapter = SimulatedAdapter()

  init(_ pty: Pty) { self.pty = pty }

  var title: String { pty.link ?? pty.path }

  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError) {
    guard let descriptor = pty.descriptor else { return }
    try reactor.watch(descriptor) { [unowned self] _ in
      var bytes: [UInt8] = []
      guard let count = try? self.pty.receive(into: &bytes), count > 0 else { return }
      let (frames, answer) = self.adapter.received(bytes.span)
      _ = try? self.pty.send(answer)
      var records: [UInt8] = []
      for frame in frames { CANRecord.append(frame, to: &records) }
      if !records.isEmpty { ears.received(records.span) }
    }
  }

  func send(_ bytes: [UInt8]) {
    guard adapter.isOpen, let frame = CANRecord.frame(bytes.span) else { return }
    _ = try? pty.send(SLCAN.encode(frame))
  }

  func run(at now: Tick) -> Tick { .never }
}
