// SPDX-License-Identifier: Apache-2.0

import Dialects
import Links
import Machine
import Quantities

/// One open wire that several batteries share, on the control thread.
///
/// What comes is for the battery that has the turn; where all only listen, it is for each.
final class SharedLine {
  /// The wire's settings, by which it is found.
  let settings: ByteLinkSettings
  let link: any ByteLink
  private let reactor: Reactor
  private var watch: Reactor.Watch?
  private var turns = LineTurns()
  private var seats: [Seat] = []
  private var wasReady = false
  private var lastNumber = 0
  private var buffer: [UInt8] = []

  init(_ settings: ByteLinkSettings, for language: Dialect, reactor: Reactor) {
    self.settings = settings
    self.reactor = reactor
    link = settings.makeLink(for: language)
  }

  /// A place on it for one battery.
  func seat(isListening: Bool) -> Seat {
    lastNumber += 1
    return Seat(self, number: lastNumber, isListening: isListening)
  }

  /// Opens the wire, or finds it open.
  func open(_ seat: Seat) throws(LinkError) {
    if !link.isOpen {
      try link.open()
      wasReady = link.isReady
      try observe()
    }
    seats.append(seat)
    turns.join(seat.number)
  }

  private func observe() throws(LinkError) {
    guard let descriptor = link.descriptor else { return }
    do throws(SystemError) {
      watch = try reactor.watch(descriptor) { [unowned self] _ in receive() }
    } catch {
      link.close()
      throw .system(path: link.name, error)
    }
  }

  /// Lets a battery go; the last one closes the wire.
  func leave(_ seat: Seat) {
    seats.removeAll { $0 === seat }
    turns.leave(seat.number)
    if seats.isEmpty { close() }
    for seat in seats { seat.called() }
  }

  /// A battery tells when it wants to ask; answers whether it may now.
  func mayAsk(_ seat: Seat, wish: Tick, at now: Tick) -> Bool {
    turns.ask(seat.number, wish: wish, at: now)
  }

  /// Takes the turn back from a battery that has had its answer, or none, and calls the next.
  func giveBack(_ seat: Seat, _ session: Session, at now: Tick) {
    guard turns.holder == seat.number, !session.isBusy else { return }
    turns.giveBack(
      seat.number, isWell: session.statistics.consecutiveFailures == 0,
      pauseEnds: session.pauseEnds, at: now)
    // Each looks for itself whether, and when, it is the next.
    for other in seats where other !== seat { other.called() }
  }

  /// When a battery is to ask for its turn again.
  func due(of seat: Seat, at now: Tick) -> Tick { turns.due(of: seat.number, at: now) }

  func send(_ bytes: [UInt8], from seat: Seat) throws(LinkError) {
    guard turns.holder == seat.number, !seat.isListening else { throw .congested(path: link.name) }
    do throws(LinkError) {
      try link.send(bytes)
      follow()
    } catch .congested(let path) {
      throw .congested(path: path)
    } catch {
      fail(error, except: seat)
      throw error
    }
  }

  private func receive() {
    var bytes: [UInt8] = []
    swap(&bytes, &buffer)
    defer { swap(&bytes, &buffer) }
    bytes.removeAll(keepingCapacity: true)
    var failure: LinkError?
    do throws(LinkError) {
      while try link.receive(into: &bytes) > 0, bytes.count < 65_536 {}
    } catch { failure = error }
    if !wasReady, link.isReady {
      wasReady = true
      for seat in seats { seat.arrived() }
    }
    for seat in seats where seat.isListening || seat.number == turns.holder {
      if !bytes.isEmpty { seat.take(bytes) }
    }
    if let failure { fail(failure) } else { follow() }
  }

  /// Tells all that the wire is gone; who has noticed it knows.
  private func fail(_ error: LinkError, except sender: Seat? = nil) {
    close()
    let told = seats.filter { $0 !== sender }
    seats = []
    turns = LineTurns()
    for seat in told { seat.fail(error) }
  }

  private func close() {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    wasReady = false
    link.close()
  }

  /// Waits for room to write for as long as something is left to be written.
  private func follow() {
    guard let watch else { return }
    // A refusal here costs no more than a wait for the next message to send.
    try? reactor.change(watch, to: link.hasUnsent ? [.read, .write] : .read)
  }
}
