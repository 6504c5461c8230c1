// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Quantities
import Text

extension Benchmark {
  /// What a gateway costs that does nothing but its daily work.
  static let footprint = Benchmark(
    name: "footprint", summary: "processor, memory and disk of a gateway, 1 battery at 4 Hz"
  ) { effort throws(CommandFailure) in
    let rounds = effort.isQuick ? 1 : 3
    let run = try FootprintRun(rounds: rounds, milliseconds: 10_000)
    try run.run()
    var result = Result(findings: run.gateway.findings(isAimed: true))
    result.findings[0] = result.findings[0]
      .against("Python", run.peer.shares.isEmpty ? nil : run.peer.shares, run.gateway.shares)
    if let last = run.peer.last, let own = run.gateway.last {
      let ratio = Double(own.resident) / Double(max(1, last.resident))
      result.findings[1].ratios.append(.init(spread: Spread(ratio), of: "Python"))
      result.findings += run.peer.findings(isAimed: false).prefix(2).map {
        var finding = $0
        finding.what = "Python peer: " + finding.what
        return finding
      }
    }
    result.notes = [
      "\(rounds) × 10 s after 5 s of start; history, CAN log and status socket on. By thread: "
        + run.gateway.threads() + ".",
      "By the kernel's ticks of \(1000 / Int(sysconf(Int32(_SC_CLK_TCK)))) ms instead: "
        + "\(Figure.text(run.gateway.tickShare)) %. Of the resident memory "
        + "\(Figure.text(run.gateway.anonymous)) MiB is its own and not of a file; with shared pages divided: "
        + "\(Figure.text(run.gateway.proportional)) MiB.",
    ]
    if run.peer.last == nil {
      result.notes.append(Peer.missing("minimalmodbus and python-can"))
    } else {
      result.notes.append(
        "Python peer: minimalmodbus at 4 Hz and python-can with \(FootprintRun.peerFrames) frames a second, without "
          + "limits, history or log; at the same time, on lines of its own.")
    }
    return result
  }
}

/// What one program cost, interval by interval.
struct CostLog {
  private var samples: [ProcessCost] = []

  /// The newest sample.
  var last: ProcessCost? { samples.last }

  mutating func take(_ process: ChildProcess?) {
    if let process, let cost = ProcessCost(of: process.id) { samples.append(cost) }
  }

  /// Percent of one core, by interval.
  var shares: [Double] {
    intervals { Double($1.nanoseconds - $0.nanoseconds) * 100 / Double($1.at - $0.at) }
  }

  /// Percent of one core by the coarser count, over all intervals.
  var tickShare: Double {
    guard let first = samples.first, let last = samples.last, last.at > first.at else { return 0 }
    let seconds = Double(last.ticks - first.ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    return seconds * 100e9 / Double(last.at - first.at)
  }

  /// Resident memory that is not of a file, in MiB.
  var anonymous: Double { Double(last?.anonymous ?? 0) / 1024 }
  /// Resident memory with shared pages divided, in MiB.
  var proportional: Double { Double(last?.proportional ?? 0) / 1024 }

  /// Percent of one core by thread, over all intervals.
  func threads() -> String {
    guard let first = samples.first, let last = samples.last, last.at > first.at else { return "" }
    let parts = last.threads.map { number, thread in
      let spent = thread.nanoseconds - (first.threads[number]?.nanoseconds ?? 0)
      return (name: thread.name, share: Double(spent) * 100 / Double(last.at - first.at))
    }
    return parts.sorted { $0.share > $1.share }
      .map { "\($0.name) \(Figure.text($0.share)) %" }.joined(separator: ", ")
  }

  /// Resident memory of each sample, in MiB.
  var residents: [Double] { samples.map { Double($0.resident) / 1024 } }
  /// Switches of all threads each second, by interval.
  var switches: [Double] { rate(\.switches) }

  func findings(isAimed: Bool) -> [Finding] {
    [
      Finding(
        what: "processor", spread: Spread(shares), unit: "% of a core",
        aim: isAimed ? .under(0.5) : nil),
      Finding(
        what: "resident memory", spread: Spread(residents),
        unit: "MiB", aim: isAimed ? .under(25) : nil),
      Finding(what: "threads", spread: Spread(Double(last?.threads.count ?? 0)), unit: ""),
      Finding(what: "context switches", spread: Spread(switches), unit: "1/s"),
      Finding(what: "written to files and lines", spread: Spread(rate(\.written)), unit: "bytes/s"),
      Finding(what: "written to the disk", spread: Spread(rate(\.stored)), unit: "bytes/s"),
    ]
  }

  private func rate(_ value: (ProcessCost) -> Int64) -> [Double] {
    intervals { Double(value($1) - value($0)) * 1e9 / Double($1.at - $0.at) }
  }

  private func intervals(_ value: (ProcessCost, ProcessCost) -> Double) -> [Double] {
    zip(samples, samples.dropFirst()).map(value)
  }
}
