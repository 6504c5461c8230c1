// SPDX-License-Identifier: Apache-2.0

import Machine
import Text

extension Benchmark {
  /// What many batteries cost in one gateway.
  static let fleet = Benchmark(
    name: "fleet",
    summary: "processor and memory of one gateway with 1, 16 and 64 batteries at 4 Hz"
  ) { effort throws(CommandFailure) in
    let rounds = effort.isQuick ? 1 : 3
    var result = Result()
    for count in [1, 16, 64] {
      let own = try FleetRun(count: count)
      try own.runGateway(rounds: rounds, milliseconds: 10_000)
      let other = try FleetRun(count: count)
      let isCompared = try other.runPeer(rounds: rounds, milliseconds: 10_000)
      result.findings += findings(count, own, isCompared ? other : nil)
      result.notes.append(
        "\(count): each battery was asked \(Figure.text(own.rate)) times a second"
          + (isCompared ? ", by Python \(Figure.text(other.rate)) times" : "")
          + ". By thread: \(own.cost.threads()).")
    }
    result.notes.append(
      "\(rounds) × 10 s after 5 s of start. The batteries are simulated in another process. History, "
        + "status socket, and for the first battery an inverter with a CAN log are on.")
    result.notes.append(
      Peer.python == nil
        ? Peer.missing("minimalmodbus")
        : "Python peer, afterwards on lines of its own: minimalmodbus in a thread for each battery, which "
          + "decides, stores and sends nothing.")
    return result
  }

  private static func findings(_ count: Int, _ own: FleetRun, _ other: FleetRun?) -> [Finding] {
    let batteries = count == 1 ? "1 battery" : "\(count) batteries"
    let shares = own.cost.shares
    var processor = Finding(
      what: "\(batteries): processor", spread: Spread(shares), unit: "% of a core",
      aim: count == 64 ? .under(50) : nil)
    if let other { processor = processor.against("Python", other.cost.shares, shares) }
    let each = Finding(
      what: "\(batteries): for each", spread: Spread(shares.map { $0 / Double(count) }),
      unit: "% of a core")
    var memory = Finding(
      what: "\(batteries): resident memory", spread: Spread(own.cost.residents), unit: "MiB",
      aim: count == 64 ? .under(60) : nil)
    if let other { memory = memory.against("Python", other.cost.residents, own.cost.residents) }
    let switches = Finding(
      what: "\(batteries): context switches", spread: Spread(own.cost.switches), unit: "1/s")
    return [processor, each, memory, switches]
  }
}
