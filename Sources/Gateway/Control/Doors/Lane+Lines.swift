// SPDX-License-Identifier: Apache-2.0

import Dialects
import Links
import Machine
import Quantities

// The wires of a battery: opened, watched, and opened again when they fail.

extension Lane {
  /// The wire of a door with its recording, where one is wanted.
  func makeLine(_ index: Int) -> Line {
    let door = battery.doors[index]
    let link =
      wires?.link(for: door, battery.password)
      ?? door.link.makeLink(for: door.language(battery.password))
    let recording = battery.traffic(ofDoor: index)
    let file = recording.flatMap {
      battery.makeTrafficLog($0, link: link.name, dialect: door.dialect, log: log)
    }
    return Line(door, link, recording: recording, log: file)
  }

  /// Opens a wire that is down, once it is time to.
  func reopen(_ line: Line, at now: Tick) {
    if !line.link.isOpen, now >= line.reopening.due {
      do throws(LinkError) {
        line.seat?.arrived = { [unowned self, unowned line] in receive(line) }
        line.seat?.called = { [unowned self] in due = Tick(.min) }
        try line.link.open()
        line.watch = try observe(line.link.descriptor, line.link.name) {
          [unowned self, unowned line] in receive(line)
        }
        line.reopening.started(at: now)
        line.isConnecting = !line.link.isReady
        if !line.isConnecting {
          noteBack(line, at: now)
          linkOpened(line, at: now)
        }
      } catch {
        fail(error, line, at: now)
      }
    } else if line.link.isReady, now >= line.reopening.due {
      noteBack(line, at: now)
    }
  }

  /// The far end of a wire is there: whatever was said before is over.
  private func linkOpened(_ line: Line, at now: Tick) {
    guard line !== self.line else { return controller.linkOpened(at: now) }
    line.voice?.linkOpened(at: now)
    if let index = lines.firstIndex(where: { $0 === line }) { choice.opened(index) }
  }

  /// The wire is back, and stays.
  private func noteBack(_ line: Line, at now: Tick) {
    guard let text = line.reopening.succeeded(at: now) else { return }
    log.write(.info, battery.name, "\(line.link.name): \(text)")
  }

  func receive(_ line: Line) {
    let now = MonotonicClock.now()
    due = now
    // Taken out and put back, so that the controller may change while the bytes are read.
    var bytes: [UInt8] = []
    swap(&bytes, &buffer)
    defer { swap(&bytes, &buffer) }
    bytes.removeAll(keepingCapacity: true)
    do throws(LinkError) {
      while try line.link.receive(into: &bytes) > 0, bytes.count < 65_536 {}
    } catch {
      fail(error, line, at: now)
    }
    if line.noteReached(at: now) { linkOpened(line, at: now) }
    follow(line.watch, line.link.hasUnsent)
    noteState(line)
    if line === self.line {
      controller.received(bytes.span, at: now)
    } else {
      line.voice?.session.received(bytes.span, at: now)
    }
  }

  func send(_ bytes: [UInt8], _ line: Line, at now: Tick) {
    guard line.link.isReady else { return }
    do throws(LinkError) {
      try line.link.send(bytes)
      follow(line.watch, line.link.hasUnsent)
    } catch .congested {
      // The conversation's own time-out repeats it.
    } catch {
      fail(error, line, at: now)
    }
  }

  private func fail(_ error: LinkError, _ line: Line, at now: Tick) {
    line.close(reactor)
    if let text = line.reopening.failed(error, at: now) { log.write(.error, battery.name, text) }
  }

  /// Says when the controller of a battery's CAN bus leaves it, and when it is back.
  private func noteState(_ line: Line) {
    guard let state = line.link.health?.state, state != line.state else { return }
    log.write(state, after: line.state, of: line.link.name, to: battery.name)
    line.state = state
  }
}
