// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Glibc
import Text
import Wire

extension Benchmark {
  /// Every dialect on frames of its fixtures: from pieces of 20 bytes, as Bluetooth delivers them, to
  /// a checked reading.
  static let dialects = Benchmark(
    name: "dialects", summary: "frames of every dialect into readings, against aiobmsble"
  ) { effort throws(CommandFailure) in
    let samples = try DialectSample.all()
    let rates = try Contest.run(samples.map(\.candidate), effort)
    var result = Result()
    var isCompared = false
    for (sample, rates) in zip(samples, rates) {
      let peer = try sample.peer(effort)
      isCompared = isCompared || peer != nil
      result.findings.append(
        Finding(sample.name, rates, "samples/s/core").against("aiobmsble", peer, rates))
    }
    result.notes = [
      "Processor time of one thread: pieces of 20 bytes put together, checksum, and all values of the "
        + "frames; a sample of a JBD has two frames. aiobmsble is called without its waits."
    ]
    if !isCompared {
      result.notes.append(
        "NOT COMPARED with aiobmsble: no .venv-aiobmsble here; `make setup` makes one.")
    }
    return result
  }
}

/// The answers that make one sample of a dialect's live values.
private struct DialectSample {
  let dialect: Dialect
  /// Each request, `nil` for what comes unasked, with its answer in pieces.
  var parts: [(request: Request?, pieces: [[UInt8]])]
  /// What aiobmsble calls the same case, as a line for it; `nil` where it does not know the battery.
  var line: String?

  var name: String { "\(dialect.name)" }

  private static let fixtures = Program.directory + "/../../../Tests/DialectsTests/Fixtures/"

  /// A sample of each dialect that has whole frames among its fixtures.
  static func all() throws(CommandFailure) -> [DialectSample] {
    var samples: [DialectSample] = []
    for dialect in Dialect.all {
      guard let sample = try one(dialect) else { continue }
      samples.append(sample)
    }
    return samples
  }

  private static func one(_ dialect: Dialect) throws(CommandFailure) -> DialectSample? {
    let lines = Fixture.lines(fixtures + "\(dialect.name).jsonl")
    switch dialect.name.description {
    case "jbd":
      return try pair(
        dialect, lines, "jbd-sp04s034-basic", "jbd-sp04s034-cells", module: "jbd",
        keys: ["03", "04"])
    case "daly-81":
      return try pair(
        dialect, lines, "daly-81-ess-0000-1", "daly-81-ess-0041-1", module: "daly",
        keys: ["810300000040", "81030041003e"])
    default: break
    }
    // The longest frame that says something of a battery in use stands for the others; of a Daly D2
    // the one that both read.
    let told = lines.filter {
      $0.isReading(dialect) && (dialect.name.description != "daly-d2" || $0.answer.count == 129)
    }
    guard let line = told.max(by: { $0.answer.count < $1.answer.count }) else { return nil }
    var sample = DialectSample(
      dialect: dialect, parts: [(line.request, line.answer.pieces)])
    switch dialect.name.description {
    case "jk-ble" where line.kind.contains("32S") || line.kind.contains("24S"):
      sample.line = peerLine("jikong", ["02": line.answer], line.kind.contains("24S") ? 10 : 11)
    case "daly-d2":
      sample.line = peerLine("daly", ["d2030000003e": line.answer], 0)
    default: break
    }
    return sample
  }

  private static func pair(
    _ dialect: Dialect, _ lines: [Fixture], _ first: String, _ second: String, module: String,
    keys: [String]
  ) throws(CommandFailure) -> DialectSample {
    let found = [first, second].compactMap { id in lines.first { $0.id == id } }
    guard found.count == 2 else {
      throw CommandFailure("\(dialect.name): \(first) or \(second) is no fixture", .internalFault)
    }
    return DialectSample(
      dialect: dialect, parts: found.map { ($0.request, $0.answer.pieces) },
      line: peerLine(module, [keys[0]: found[0].answer, keys[1]: found[1].answer], 0))
  }

  /// A case for `Tests/Peers/aiobmsble_decoder.py`.
  private static func peerLine(
    _ module: String, _ answers: KeyValuePairs<String, [UInt8]>, _ software: Int
  ) -> String {
    let told = answers.map { key, bytes in
      // A Daly answers in one notification, the others in pieces.
      let pieces = module == "daly" ? [bytes] : bytes.pieces
      return "\"\(key)\":[\(pieces.map { "\"\(Hex.string($0.span))\"" }.joined(separator: ","))]"
    }
    let unit = answers.contains { $0.key.hasPrefix("81") } ? "81" : "d2"
    return
      "{\"id\":\"1\",\"module\":\"\(module)\",\"unit\":\"\(unit)\",\"software\":\(software),"
      + "\"answers\":{\(told.joined(separator: ","))}}"
  }

  /// All of it, again and again.
  var candidate: Candidate {
    let (dialect, parts) = (dialect, parts)
    return Candidate(name: name) { count throws(CommandFailure) in
      var sum: Int64 = 0
      var facts = Facts()
      var buffer: [UInt8] = []
      buffer.reserveCapacity(1024)
      for _ in 0..<count {
        var reading = Reading()
        for part in parts {
          buffer.removeAll(keepingCapacity: true)
          for piece in part.pieces {
            buffer.append(contentsOf: piece)
            let length: Int
            switch dialect.scan(buffer.span, part.request) {
            case .frame(let found), .broadcast(let found): length = found
            case .incomplete, .skip: continue
            }
            guard length <= buffer.count else { continue }
            do throws(WireError) {
              try dialect.read(buffer.span.extracting(0..<length), part.request, &facts, &reading)
            } catch {
              throw CommandFailure(
                "\(dialect.name): a fixture is refused: \(error)", .internalFault)
            }
            sum &+= 1
          }
        }
        sum &+= reading[.soc] ?? Int64(reading.cells.count)
      }
      return sum
    }
  }

  /// aiobmsble on the same bytes, samples a second; `nil` where it is not here or does not know them.
  func peer(_ effort: Effort) throws(CommandFailure) -> [Double]? {
    let root = Program.directory + "/../../../"
    let python = root + ".venv-aiobmsble/bin/python"
    guard let line, unsafe access(python, X_OK) == 0 else { return nil }
    return try Peer.rates(
      [
        python, root + "Tests/Peers/aiobmsble_decoder.py", "--speed",
        effort.isQuick ? "500" : "3000",
      ], input: [line])
  }
}

extension [UInt8] {
  /// The same in notifications of 20 bytes.
  fileprivate var pieces: [[UInt8]] {
    stride(from: 0, to: count, by: 20).map { Array(self[$0..<Swift.min($0 + 20, count)]) }
  }
}
