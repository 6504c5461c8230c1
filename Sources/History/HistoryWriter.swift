// SPDX-License-Identifier: Apache-2.0
package import Battery
import Glibc
package import Machine
import Synchronization

/// Stores what the control loop hands over, on a thread of its own.
///
/// Nothing here makes the control loop wait, whatever the disk does. While storing fails, the
/// newest records wait in memory and it is tried again; what has to be let go of is counted and
/// noted.
package final class HistoryWriter: Sendable {
  /// What may be chosen.
  package struct Settings: Sendable {
    /// The file.
    package var path: String
    /// The names of the batteries; a record's battery counts from 0 among them.
    package var batteries: [String]
    /// Which records are stored.
    package var rate = Sampler.Rate()
    /// How often they are committed to the disk, in milliseconds.
    package var commitInterval = 1000
    /// How many records wait at most while storing fails; beyond, the oldest go.
    package var capacity = 4096
    /// What the store may be told.
    package var store = HistoryStore.Settings()
    /// Both clocks; for tests to replace.
    package var clock: @Sendable () -> Moment = {
      Moment(MonotonicClock.now(), wall: WallClock.now())
    }

    /// The usual choices: once a second, one record each second and battery.
    package init(path: String, batteries: [String]) {
      self.path = path
      self.batteries = batteries
    }
  }

  /// How storing goes.
  package struct Status: Sendable {
    /// The run that records carry; `nil` until the file is open.
    package var boot: Int64?
    /// Records on the disk since the start.
    package var stored = 0
    /// Records that wait.
    package var pending = 0
    /// Records that are lost, because storing failed for too long or the queue was full.
    package var dropped: UInt64 = 0
    /// Why storing fails; `nil` while it does not.
    package var error: HistoryError?
    /// How many times in a row storing has failed.
    package var failures = 0
    /// The damaged file that made room for a new one.
    package var setAside: HistoryStore.SetAside?
    /// The newest stored values at the start, by battery and point.
    var latest: [[Point: Int64]] = []
    /// The newest stored reading that was counted, at the start, by battery.
    var counted: [Record?] = []
  }

  /// What the queue carries.
  enum Item: Sendable {
    case record(Record)
    case event(Event)
    case flush(BoundedQueue<Bool>)
  }

  /// What was chosen.
  package let settings: Settings
  let queue: BoundedQueue<Item>
  let shared = Mutex(Status())
  private let opened: Waker
  private let ended: BoundedQueue<Bool>
  private let thread = Mutex<DedicatedThread?>(nil)

  /// Starts the thread; the file is opened there.
  package init(_ settings: Settings) throws(SystemError) {
    self.settings = settings
    queue = try BoundedQueue(capacity: 2048, threshold: 1024)
    opened = try Waker()
    ended = try BoundedQueue(capacity: 1)
    let worker = try DedicatedThread(name: "history") { [self] in
      var loop = WriterLoop(self)
      loop.run()
      ended.tryPush(true)
    }
    thread.withLock { $0 = worker }
  }

  /// Whether it takes what is offered: it was not told to stop.
  package var isOpen: Bool { !queue.isClosed }

  /// Hands over a record and answers whether there was room; never waits.
  ///
  /// Its battery counts from 0 among the names in the settings; its boot is set here.
  @discardableResult
  package func offer(_ record: Record) -> Bool { queue.tryPush(.record(record)) }

  /// Hands over an event of the gateway itself and answers whether there was room; never waits.
  @discardableResult
  package func offer(_ event: Event) -> Bool { queue.tryPush(.event(event)) }

  /// Waits until all that was offered before is on the disk; false when storing fails or the time
  /// is over.
  package func flush(timeoutMilliseconds: Int) -> Bool {
    guard let answer = try? BoundedQueue<Bool>(capacity: 1) else { return false }
    guard queue.tryPush(.flush(answer)) else { return false }
    return answer.popAll(waitMilliseconds: timeoutMilliseconds).first ?? false
  }

  /// Stores what was offered, notes an end on purpose and ends the thread, which nothing else does.
  ///
  /// Answers whether it ended in time; where the disk hangs it is left behind, and may be asked again.
  @discardableResult
  package func stop(timeoutMilliseconds: Int) -> Bool {
    queue.close()
    guard thread.withLock({ $0 != nil }) else { return true }
    guard !ended.popAll(waitMilliseconds: timeoutMilliseconds).isEmpty else { return false }
    thread.withLock({ $0.take() })?.join()
    return true
  }

  /// How storing goes now.
  package var status: Status {
    var status = shared.withLock { $0 }
    status.dropped += queue.drops
    return status
  }

  /// Waits until the file is open, so that `latest` can answer, and answers whether it is.
  package func waitUntilOpen(timeoutMilliseconds: Int32) -> Bool {
    (try? waitReadable([opened.descriptor], milliseconds: timeoutMilliseconds)) ?? false
  }

  /// The value that a point had when the last run ended, such as an energy counter.
  ///
  /// `nil` where none is known or the file is not open yet. The battery counts from 0 among the
  /// names in the settings.
  package func latest(_ point: Point, battery: Int) -> Int64? {
    shared.withLock { $0.latest.indices.contains(battery) ? $0.latest[battery][point] : nil }
  }

  /// The last reading of the last run that its counters took; what it does not say was not known then.
  ///
  /// `nil` where there is none or the file is not open yet. The battery counts from 0 among the names in the
  /// settings.
  package func lastCounted(battery: Int) -> Record? {
    shared.withLock { $0.counted.indices.contains(battery) ? $0.counted[battery] : nil }
  }

  /// Tells those who wait that the file is open.
  func noteOpened() { opened.wake() }
}
