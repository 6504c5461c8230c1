// SPDX-License-Identifier: Apache-2.0
import Battery
import Gateway
import Quantities
import Testing

@Suite("Which of several doors is used, over simulated time")
struct DoorChoiceTests {
  /// A battery with doors, as a lane sees it.
  private struct Bench {
    var choice: DoorChoice
    var now = Tick(0)
    /// Which doors answer.
    var speaks: [Bool]
    /// What is told at each of them.
    var told: [DoorIdentity]
    /// Moments at which another door was taken, and which.
    private(set) var changes: [(at: Int64, door: Int)] = []
    /// Doors that were open at some moment since this was last emptied.
    var opened: Set<Int> = []
    private(set) var strangers: [Int] = []

    init(_ doors: Int, fallback: Int64 = 2000) {
      choice = DoorChoice(
        doors: doors, DoorChoice.Terms(fallback: fallback, proof: 10_000, longestGap: 6000),
        at: Tick(0))
      speaks = .init(repeating: true, count: doors)
      told = .init(repeating: Bench.identity("A", 16), count: doors)
    }

    static func identity(_ serial: String?, _ cells: Int64?) -> DoorIdentity {
      var identity = DoorIdentity()
      identity.serial = serial.map { Label($0.utf8) }
      identity.cells = cells
      return identity
    }

    mutating func run(_ milliseconds: Int64) {
      let end = now + milliseconds
      while now < end {
        for door in speaks.indices where choice.isWanted(door, at: now) {
          opened.insert(door)
          let period: Int64 = door < choice.current ? 2000 : 250
          if speaks[door], now.milliseconds % period == 0,
            choice.heard(door, told[door], at: now) != nil
          {
            strangers.append(door)
          }
        }
        if let next = choice.better(at: now) {
          choice.enter(next, at: now)
          changes.append((now.milliseconds, next))
        }
        now = now + 50
      }
    }
  }

  @Test("While the first is well no other is even opened")
  func calm() {
    var bench = Bench(3)
    bench.run(600_000)
    #expect(bench.changes.isEmpty && bench.opened == [0])
  }

  @Test(
    "A silent first is replaced once the next has spoken, and taken back when it has proven itself")
  func fallsBack() {
    var bench = Bench(2)
    bench.run(10_000)
    bench.speaks[0] = false
    bench.run(20_000)
    #expect(bench.changes.map(\.door) == [1])
    // Well before readings are stale, which is at 10 s, and not before they are late.
    #expect((11_700...12_500).contains(bench.changes[0].at))
    bench.speaks[0] = true
    bench.run(9_000)
    #expect(bench.choice.current == 1)
    bench.run(6_000)
    #expect(bench.changes.map(\.door) == [1, 0])
    bench.opened = []
    bench.run(60_000)
    #expect(bench.opened == [0], "the spare is closed again")
  }

  @Test("One that speaks only now and then is not gone back to")
  func notWell() {
    var bench = Bench(2)
    bench.run(5000)
    bench.speaks[0] = false
    bench.run(5000)
    for _ in 0..<20 {
      bench.speaks[0] = true
      bench.run(5000)
      bench.speaks[0] = false
      bench.run(7000)
    }
    #expect(bench.changes.map(\.door) == [1])
  }

  @Test(
    "One that fails again soon after it was gone back to must prove itself for longer each time")
  func relapses() {
    var bench = Bench(2)
    var waits: [Int64] = []
    for _ in 0..<5 {
      bench.speaks[0] = false
      while bench.choice.current == 0 { bench.run(50) }
      bench.speaks[0] = true
      let start = bench.now
      while bench.choice.current == 1 { bench.run(50) }
      waits.append(bench.now - start)
      bench.run(1000)
    }
    #expect(zip(waits.dropFirst(), waits).allSatisfy { $0 > $1 + 5000 }, "\(waits)")
    bench.run(400_000)
    bench.speaks[0] = false
    bench.run(5000)
    bench.speaks[0] = true
    bench.run(14_000)
    #expect(bench.choice.current == 0, "after a long time well, the usual proof is enough")
  }

  @Test(
    "The third is tried when the second is silent too; a better one that speaks is taken at once then"
  )
  func third() {
    var bench = Bench(3)
    bench.speaks = [false, false, true]
    bench.run(10_000)
    #expect(bench.changes.map(\.door) == [2])
    bench.speaks = [false, true, true]
    bench.run(15_000)
    #expect(bench.choice.current == 1)
    // The one in use falls silent before the first has proven itself.
    bench.speaks = [true, false, false]
    bench.run(4500)
    #expect(bench.choice.current == 0)
  }

  @Test("With nothing anywhere it stays, and all are tried without end")
  func nothing() {
    var bench = Bench(3)
    bench.speaks = [false, false, false]
    bench.run(60_000)
    #expect(bench.changes.isEmpty && bench.opened == [0, 1, 2])
  }

  @Test(
    "Another battery behind the second door is not used, and that is said once",
    arguments: [
      (DoorChoiceTests.Told("B", 16), true), (.init("A", 15), true), (.init("A", nil), false),
      (.init(nil, 16), false), (.init(nil, nil), false),
    ])
  func strangers(_ told: Told, isStranger: Bool) {
    var bench = Bench(2)
    bench.told[1] = Bench.identity(told.serial, told.cells)
    bench.run(5000)
    bench.speaks[0] = false
    bench.run(30_000)
    #expect(bench.choice.current == (isStranger ? 0 : 1))
    #expect(bench.strangers == (isStranger ? [1] : []))
    #expect((bench.choice.difference(1) != nil) == isStranger)
    if isStranger {
      // When the right one is behind it, it is used.
      bench.told[1] = bench.told[0]
      bench.run(3000)
      #expect(bench.choice.current == 1)
    }
  }

  /// What is told at a door.
  struct Told: Sendable {
    let serial: String?
    let cells: Int64?
    init(_ serial: String?, _ cells: Int64?) {
      self.serial = serial
      self.cells = cells
    }
  }

  @Test(
    "A door that tells its serial number only after it was taken, and a wrong one, is left and not taken again"
  )
  func lateStranger() {
    var bench = Bench(2)
    bench.run(5000)
    bench.speaks[0] = false
    bench.told[1] = Bench.identity(nil, 16)
    bench.run(6000)
    #expect(bench.choice.current == 1)
    bench.told[1] = Bench.identity("B", 16)
    bench.run(1000)
    #expect(bench.choice.current == 0)
    bench.choice.opened(1)
    bench.told[1] = Bench.identity(nil, 16)
    bench.run(30_000)
    #expect(bench.choice.current == 0)
  }

  @Test("A serial number that comes between two live readings counts at once")
  func learns() {
    var bench = Bench(2)
    bench.told = [Bench.identity(nil, 16), Bench.identity("B", 16)]
    bench.run(1000)
    bench.choice.learn(Bench.identity("A", 16))
    bench.speaks[0] = false
    bench.run(20_000)
    #expect(bench.choice.current == 0 && bench.strangers == [1])
  }

  @Test(
    "What the battery is, is learnt at the door in use, also where it is another battery than before"
  )
  func replaced() {
    var bench = Bench(2)
    bench.run(1000)
    bench.told = [Bench.identity("B", 15), Bench.identity("B", 15)]
    bench.run(1000)
    bench.speaks[0] = false
    bench.run(5000)
    #expect(bench.choice.current == 1 && bench.choice.identity == bench.told[0])
  }
}
