// SPDX-License-Identifier: Apache-2.0

import Text

extension Benchmark {
  /// From the last byte of a battery's answer to the lower limit on the bus, in a real process.
  static let latency = Benchmark(
    name: "latency", summary: "last byte of a reply to the out-of-cycle 0x351, at 4 Hz"
  ) { effort throws(CommandFailure) in
    let walk = try LatencyWalk(steps: effort.isQuick ? 40 : 240)
    try walk.run()
    let (reaction, echo) = (Spread(walk.reactions), Spread(walk.echoes))
    func finding(_ name: String, _ share: Double, aim: Finding.Aim? = nil) -> Finding {
      let own = Spread(reaction.percentile(share))
      let ratio = Spread(own.median / max(1, echo.percentile(share)))
      return Finding(
        what: name, spread: own, unit: "µs", aim: aim, ratios: [.init(spread: ratio, of: "echo")])
    }
    func slowest(_ spread: Spread) -> String {
      spread.values.suffix(5).map { Figure.text($0) }.joined(separator: ", ")
    }
    return Result(
      findings: [
        finding("reply to 0x351, p50", 0.5), finding("reply to 0x351, p90", 0.9),
        finding("reply to 0x351, p99", 0.99, aim: .under(2000)), finding("reply to 0x351, most", 1),
        Finding(
          what: "echo over the same ptys, p50", spread: Spread(echo.percentile(0.5)), unit: "µs"),
        Finding(
          what: "echo over the same ptys, p99", spread: Spread(echo.percentile(0.99)), unit: "µs"),
      ],
      notes: [
        "\(reaction.values.count) replies, each with a higher cell than the one before, so that CCL falls each "
          + "time; \(walk.missed) not answered before the next reply.",
        "From before the write of the reply's last byte to after the read of the frame; history, CAN log and "
          + "status socket on. The bus itself adds 0.25 ms at 500 kbit/s.",
        "Echo: a thread that answers the same bytes at once, measured between the replies: what the machine "
          + "itself needs, and how busy it is with other things.",
        walk.isUrgent
          ? "The played battery and adapter run before ordinary programs, as hardware would."
          : "The played battery and adapter are NOT permitted to run before ordinary programs: what else the "
            + "machine does counts twice.",
        "Slowest five: \(slowest(reaction)) µs; of the echoes: \(slowest(echo)) µs.",
      ])
  }
}
