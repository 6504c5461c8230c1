// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Testing
import Wire

/// What holds for every dialect there is.
struct LawTests {
  static let names = Dialect.all.map { "\($0.name)" }

  static func dialect(_ name: String) throws -> Dialect { try #require(Dialect.named(name)) }

  @Test func namesAreUniqueAndFound() {
    #expect(!Self.names.isEmpty)
    #expect(Set(Self.names).count == Self.names.count)
    #expect(Dialect.named("no-such-battery") == nil)
    for name in Self.names { #expect(Dialect.named(name).map { "\($0.name)" } == name) }
  }

  @Test(arguments: names)
  func hasFixturesAndDoors(_ name: String) throws {
    let dialect = try Self.dialect(name)
    #expect(!Fixture.load(name).isEmpty)
    #expect(!dialect.doors.isEmpty)
    #expect(dialect.provenance != .bench)
    let anyIsCaptured = Fixture.load(name).contains(where: \.isCaptured)
    #expect((dialect.provenance == .captured) == anyIsCaptured)
  }

  @Test(arguments: names)
  func registersHaveUniqueNamesAndDoNotOverlap(_ name: String) throws {
    let dialect = try Self.dialect(name)
    var seen: Set<String> = []
    var bytes: [Int: String] = [:]
    var bits: [Int: String] = [:]
    for row in dialect.registers {
      #expect(seen.insert("\(row.name)").inserted, "\(row.name) is there twice")
      #expect(!"\(row.meaning)".isEmpty && "\(row.meaning)".hasSuffix("."))
      #expect(
        "\(row.name)".utf8.allSatisfy {
          $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        })
      let start = Int(row.address) * 2
      if let range = row.bits {
        // A part of a word may be told beside the whole, but not twice.
        for bit in range {
          let place = Int(row.address) * 16 + Int(bit)
          #expect(bits[place] == nil, "\(row.name) lies over \(bits[place] ?? "")")
          bits[place] = "\(row.name)"
        }
        continue
      }
      let places: [Int] =
        switch row.form {
        case .uint8Low, .int8Low: [start]
        case .uint8High, .int8High: [start + 1]
        default: Array(start..<start + 2 * row.form.words)
        }
      for place in places {
        #expect(bytes[place] == nil, "\(row.name) lies over \(bytes[place] ?? "")")
        bytes[place] = "\(row.name)"
      }
      if let lowest = row.lowest, let highest = row.highest { #expect(lowest < highest) }
      #expect(row.numerator > 0)
    }
  }

  /// A late answer must not pass for the answer to another request of the plan.
  @Test(arguments: names)
  func requestsOfThePlanAreTheirOwn(_ name: String) throws {
    let dialect = try Self.dialect(name)
    var requests = dialect.polls.flatMap(\.requests)
    #expect(Set(requests.map(\.tag)).count == requests.count)
    if let wake = dialect.wake {
      #expect(Int64(wake.tries) * (wake.timeout + Session.quietTime) >= 1200)
      requests.append(wake)
    }
    #expect(Set(requests.map(\.bytes)).count == requests.count)
    for request in requests { #expect(request.timeout > 0 && request.tries > 0) }
    // Without a poll it is one that talks by itself.
    #expect(dialect.polls.count { $0.pace == .live } <= 1)
    #expect(dialect.polls.allSatisfy { !$0.requests.isEmpty })
  }

  /// An answer from the fixtures is a whole answer to its own request, and to no request of the
  /// plan with other bytes: at most its shape fits, never its length.
  @Test(arguments: names)
  func scanNeverReachesBeyondWhatItAsksFor(_ name: String) throws {
    let dialect = try Self.dialect(name)
    for request in dialect.polls.flatMap(\.requests) {
      for fixture in Fixture.load(name) where fixture.request != request.bytes {
        let bytes = Array(fixture.chunks.joined())
        var facts = Facts()
        var reading = Reading()
        // Who asks is no part of the question of a classic Daly.
        if name == "daly-a5", fixture.request?.dropFirst(2).first == request.bytes[2] { continue }
        // The same question with other data: a Pylontech takes its number and its place for one.
        if name == "pylontech-rs485", fixture.request?[3..<9] == request.bytes[3..<9] { continue }
        guard case .frame(let length) = dialect.scan(bytes.span, request), length <= bytes.count
        else { continue }
        let frame = Array(bytes[..<length])
        #expect(throws: WireError.self, "\(fixture.id)") {
          try dialect.read(frame.span, request, &facts, &reading)
        }
      }
    }
  }

  /// A thousand random buffers against each request: never a trap, never a frame beyond all bounds.
  @Test(arguments: names)
  func randomBytesNeverTrap(_ name: String) throws {
    let dialect = try Self.dialect(name)
    var dice = Dice(seed: 1)
    var requests: [Request?] = dialect.polls.flatMap(\.requests)
    requests += [nil, dialect.wake]
    for _ in 0..<1000 {
      var bytes = (0..<Int.random(in: 0...300, using: &dice)).map { _ in
        UInt8.random(in: 0...255, using: &dice)
      }
      if let request = requests.randomElement(using: &dice) ?? nil, bytes.count > 3 {
        bytes[0] = request.bytes[0]
        bytes[1] = request.bytes[1]
        if Bool.random(using: &dice), request.bytes.count > 5 { bytes[2] = request.bytes[5] &* 2 }
      }
      for request in requests.shuffled(using: &dice).prefix(3) {
        var facts = Facts()
        var reading = Reading()
        if case .frame(let length) = dialect.scan(bytes.span, request) { #expect(length < 1024) }
        try? dialect.read(bytes.span, request, &facts, &reading)
        _ = dialect.explain(request?.bytes, [bytes])
      }
    }
  }

  /// What an owner may tell of a battery changes what a dialect says and hears, where it takes it.
  @Test func choicesAreWhatADialectTakes() {
    for dialect in Dialect.all {
      var options = DialectOptions()
      options.address = 9
      let other = Dialect.named("\(dialect.name)", options) ?? dialect
      let isOther =
        other.polls.flatMap(\.requests).map(\.bytes)
        != dialect.polls.flatMap(\.requests).map(\.bytes)
        || other.canFilters != dialect.canFilters
      #expect(isOther == (dialect.choices.addresses != nil), "\(dialect.name): address")
      if let known = dialect.choices.addresses {
        #expect(known.contains(9) && known.contains(dialect.choices.usualAddress))
        options.address = dialect.choices.usualAddress
        let usual = Dialect.named("\(dialect.name)", options) ?? dialect
        #expect(usual.polls.map(\.request.bytes) == dialect.polls.map(\.request.bytes))
        #expect(usual.canFilters == dialect.canFilters)
      }
    }
  }
}
