// SPDX-License-Identifier: Apache-2.0
import Battery
import Machine
import Quantities
import Synchronization

/// What the writer's thread does; it alone touches the store.
struct WriterLoop {
  private let writer: HistoryWriter
  private let settings: HistoryWriter.Settings
  private var store: HistoryStore?
  /// The run of the gateway, kept when the file has to be opened again.
  private var boot: Int64?
  private var numbers: [Int] = []
  private var samplers: [Sampler]
  private var records: [Record] = []
  private var events: [Event] = []
  private var answers: [BoundedQueue<Bool>] = []
  private var isDamaged = false
  private var dropped = 0
  private var queueDrops: UInt64 = 0
  private var eventCount: Int64 = 0
  private var clockDifference: Int64?
  private var retryAt = Tick(.min)

  init(_ writer: HistoryWriter) {
    self.writer = writer
    settings = writer.settings
    samplers = settings.batteries.map { _ in Sampler(rate: writer.settings.rate) }
  }

  /// Takes and commits until the queue is closed and empty.
  mutating func run() {
    var due = settings.clock().monotonic
    var items: [HistoryWriter.Item] = []
    commit(at: settings.clock(), isLast: false)
    while true {
      let wait = Int(clamping: due - settings.clock().monotonic)
      let isLast = writer.queue.isClosed
      writer.queue.popAll(into: &items, waitMilliseconds: max(0, wait))
      for item in items { take(item) }
      items.removeAll(keepingCapacity: true)
      let now = settings.clock()
      if now.monotonic >= due || isLast {
        noteClock(now)
        commit(at: now, isLast: isLast)
        due = now.monotonic + Int64(settings.commitInterval)
      }
      if isLast { return }
    }
  }

  private mutating func take(_ item: HistoryWriter.Item) {
    switch item {
    case .record(let record):
      guard samplers.indices.contains(record.battery) else { return }
      samplers[record.battery].take(record, records: &records, events: &events)
    case .event(let event): note(event)
    case .flush(let answer): answers.append(answer)
    }
  }

  /// Adds an event of the gateway, which has a count of its own.
  private mutating func note(_ event: Event) {
    eventCount += 1
    var event = event
    event.battery = -1
    event.sequence = eventCount
    events.append(event)
  }

  private mutating func noteClock(_ now: Moment) {
    let difference = now.wall - now.monotonic.milliseconds
    if let last = clockDifference, abs(difference - last) > 1000 {
      note(Event(.clockSet, at: now, code: difference - last))
    }
    clockDifference = difference
  }

  // MARK: Storing

  private mutating func commit(at now: Moment, isLast: Bool) {
    noteDrops(at: now)
    do throws(HistoryError) {
      if store == nil && (now.monotonic >= retryAt || isLast) { try open(at: now) }
      guard let store else { return answer(false) }
      if !records.isEmpty || !events.isEmpty {
        try store.append(records.map(stamped), events: events.map(stamped), at: now)
      }
      let count = records.count
      records.removeAll(keepingCapacity: true)
      events.removeAll(keepingCapacity: true)
      dropped = 0
      writer.shared.withLock { status in
        status.stored += count
        status.pending = 0
        status.error = nil
        status.failures = 0
      }
      if isLast { try store.close(at: now) }
      answer(true)
    } catch {
      fail(error, at: now)
      answer(false)
    }
  }

  private mutating func answer(_ isStored: Bool) {
    for answer in answers { answer.tryPush(isStored) }
    answers.removeAll()
  }

  private mutating func open(at now: Moment) throws(HistoryError) {
    let opened = try HistoryStore(
      path: settings.path, at: now, settings: settings.store, boot: boot, isDamaged: isDamaged)
    var latest: [[Point: Int64]] = []
    var counted: [Record?] = []
    numbers = []
    for name in settings.batteries {
      let number = try opened.battery(named: name)
      numbers.append(number)
      var values: [Point: Int64] = [:]
      for point in Point.allCases {
        values[point] = try opened.reader.last(point, battery: number)?.value
      }
      latest.append(values)
      counted.append(try opened.reader.newest(with: .chargeCharged, battery: number))
    }
    store = opened
    isDamaged = false
    let isFirst = boot == nil
    boot = opened.boot
    writer.shared.withLock { status in
      status.boot = opened.boot
      status.setAside = opened.setAside ?? status.setAside
      if isFirst {
        status.latest = latest
        status.counted = counted
      }
    }
    if isFirst { writer.noteOpened() }
  }

  /// The record as the store knows it: with the run and the number of its battery.
  private func stamped(_ record: Record) -> Record {
    var record = record
    record.battery = numbers[record.battery]
    record.boot = boot ?? 0
    return record
  }

  private func stamped(_ event: Event) -> Event {
    var event = event
    event.battery = event.battery < 0 ? 0 : numbers[event.battery]
    event.boot = boot ?? 0
    return event
  }

  private mutating func fail(_ error: HistoryError, at now: Moment) {
    switch error {
    case .full, .busy: break
    case .block:
      // These records can never be stored; the next ones can.
      dropped += records.count
      writer.shared.withLock { $0.dropped += UInt64(records.count) }
      records.removeAll()
    case .corrupt:
      store = nil
      isDamaged = true
    default: store = nil
    }
    let failures = writer.shared.withLock { status in
      status.error = error
      status.failures += 1
      return status.failures
    }
    // 1, 2, 4 … up to 32 s: a disk that is gone may come back.
    if store == nil { retryAt = now.monotonic + 1000 << Int64(min(failures - 1, 5)) }
  }

  /// Lets go of the oldest that there is no room for, and notes once how many that were.
  private mutating func noteDrops(at now: Moment) {
    let excess = records.count - settings.capacity
    if excess > 0 {
      records.removeFirst(excess)
      dropped += excess
      writer.shared.withLock { $0.dropped += UInt64(excess) }
    }
    if events.count > settings.capacity { events.removeFirst(events.count - settings.capacity) }
    let drops = writer.queue.drops
    dropped += Int(clamping: drops - queueDrops)
    queueDrops = drops
    writer.shared.withLock { $0.pending = records.count }
    guard dropped > 0 else { return }
    // One event that grows, not one for each time.
    if let place = events.lastIndex(where: { $0.kind == .dropped }) {
      events[place].code = Int64(dropped)
    } else {
      note(Event(.dropped, at: now, code: Int64(dropped)))
    }
  }
}
