// SPDX-License-Identifier: Apache-2.0
import Gateway
import Quantities
import Testing

@Suite("Parts that fail, wait and come back")
struct SupervisionTests {
  /// What a part met and said.
  private final class Scene {
    var starts: [Tick] = []
    var fault: String?
    var trouble: Part.Trouble?
    var stops = 0
    var said: [String] = []
    var now = Tick(1000)

    func part(_ backoff: Backoff = Backoff()) -> Part {
      Part(
        "thing", backoff: backoff, at: now,
        log: { [unowned self] in said.append("\($0.name) \($1)") }
      ) {
        [unowned self] () throws(PartFault) in
        starts.append(now)
        if let fault { throw PartFault(fault) }
        return Part.Work(check: { self.trouble }, stop: { self.stops += 1 })
      }
    }

    /// Lets time pass as the supervisor does: to what is due, and at least once a second.
    func pass(_ milliseconds: Int64, _ part: Part) {
      let end = now + milliseconds
      while now < end {
        now = min(end, max(now + 1, min(part.step(at: now), now + 1000)))
      }
      part.step(at: now)
    }
  }

  @Test("A cause that goes is found gone: the waits double to a minute, and each kind is said once")
  func startingFails() {
    let scene = Scene()
    scene.fault = "x: in use"
    let part = scene.part()
    scene.pass(250_000, part)
    let waits = zip(scene.starts.dropFirst(), scene.starts).map { $0 - $1 }
    #expect(waits == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
    #expect(part.view.state == .waiting && part.view.fault == "x: in use")
    scene.fault = "x: not there"
    scene.pass(120_000, part)
    scene.fault = "x: in use"
    scene.pass(120_000, part)
    #expect(scene.said == ["error x: in use; trying again", "error x: not there; trying again"])
    scene.fault = nil
    scene.pass(60_000, part)
    #expect(part.view.state == .running && part.view.fault == nil && part.view.restarts == 0)
    #expect(scene.said.count == 3 && scene.said[2].hasPrefix("info works again after "))
    #expect(part.view.since > Tick(400_000))
  }

  @Test("What ends is started again, sooner when it ran well, later when it falls at once")
  func ending() {
    let scene = Scene()
    let part = scene.part(Backoff(first: 125, longest: 1000))
    scene.pass(0, part)
    #expect(part.view.state == .running && scene.said.isEmpty)
    // It falls at each look.
    scene.trouble = .ended("broken")
    scene.pass(60_000, part)
    let waits = zip(scene.starts.dropFirst(), scene.starts).map { $0 - $1 }
    #expect(waits.dropFirst(4).allSatisfy { $0 <= 2000 }, "\(waits)")
    #expect(scene.stops == Int(part.view.restarts) + 1)
    #expect(scene.said.count(where: { $0.hasPrefix("error") }) == Int(part.view.restarts) + 1)
    scene.trouble = nil
    scene.pass(20_000, part)
    let restarts = part.view.restarts
    scene.trouble = .ended("broken again")
    let before = scene.now
    scene.pass(1, part)
    scene.trouble = nil
    scene.pass(2000, part)
    #expect(part.view.restarts == restarts + 1)
    #expect(scene.starts.last.map { $0 - before } ?? .max <= 126)
  }

  @Test("A part that cannot do its work runs on, says so once and says when it can again")
  func failing() {
    let scene = Scene()
    let part = scene.part()
    scene.pass(5000, part)
    let began = scene.now
    scene.trouble = .failing("the disk is full")
    scene.pass(30_000, part)
    #expect(part.view.state == .failing && scene.starts.count == 1 && scene.stops == 0)
    #expect(part.view.since <= began + 1000)
    scene.trouble = nil
    scene.pass(1000, part)
    #expect(part.view.state == .running)
    #expect(
      scene.said == ["error the disk is full; trying again", "info works again after 30000 ms"])
    scene.trouble = .failing("the disk is full")
    scene.pass(2000, part)
    #expect(scene.said.count == 3, "a fault after a cure is news")
  }

  @Test("One part that fails stops no other, and all are shown")
  func independence() {
    let (good, bad) = (Scene(), Scene())
    bad.fault = "broken"
    let board = Board()
    let supervisor = Supervisor(board: board)
    supervisor.add(bad.part(), at: good.now)
    supervisor.add(good.part(), at: good.now)
    #expect(board.parts.map(\.state) == [.waiting, .running])
    #expect(supervisor.step(at: good.now) <= good.now + Supervisor.pace)
    supervisor.stop()
    #expect(good.stops == 1 && bad.stops == 0)
  }

  @Test("A watchdog is petted at half its time, and only for a cycle that was completed since")
  func vigil() {
    var vigil = Vigil(timeout: 30_000, cycles: 0, at: Tick(0))
    var cycles: UInt64 = 0
    var pets: [Tick] = []
    var now = Tick(0)
    func run(until end: Int64, beating: Bool) {
      while now < Tick(end) {
        if vigil.isDue(cycles: cycles, at: now) {
          vigil.petted(cycles: cycles, at: now)
          pets.append(now)
        }
        let next = vigil.next(at: now)
        #expect(next > now)
        if beating { cycles += 1 }
        now = min(next, Tick(end))
      }
    }
    run(until: 10_000, beating: false)
    #expect(pets.isEmpty, "nothing was completed yet")
    run(until: 100_000, beating: true)
    #expect(pets.first.map { $0 <= Tick(10_200) } == true)
    #expect(zip(pets.dropFirst(), pets).allSatisfy { $0 - $1 >= 15_000 && $0 - $1 <= 15_100 })
    let count = pets.count
    // It stands still: what was completed before the last pet counts no more.
    run(until: 115_200, beating: false)
    let last = pets.count
    run(until: 300_000, beating: false)
    #expect(last <= count + 1 && pets.count == last)
    run(until: 320_000, beating: true)
    #expect(pets.count > last)
  }
}
