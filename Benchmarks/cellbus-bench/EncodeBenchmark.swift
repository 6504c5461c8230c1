// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Inverters
import Quantities
import Text
import Wire

extension Benchmark {
  /// A full cycle of frames for a Victron GX.
  static let encode = Benchmark(
    name: "encode", summary: "cycles of CAN frames for a Victron GX"
  ) { effort throws(CommandFailure) in
    let pictures = try Pictures.make()
    let frames = Victron.encode(pictures[0]).count
    let encode = Candidate(name: "frames") { count throws(CommandFailure) in
      var sum: Int64 = 0
      var done = 0
      while done < count {
        for frame in Victron.encode(pictures[done & 63]) {
          sum &+= Int64(frame.data[0]) &+ Int64(frame.id)
          done += 1
        }
      }
      return sum
    }
    let text = Candidate(name: "SLCAN") { count throws(CommandFailure) in
      let frames = Victron.encode(pictures[0])
      var line: [UInt8] = []
      var sum: Int64 = 0
      for index in 0..<count {
        line.removeAll(keepingCapacity: true)
        SLCAN.append(frames[index % frames.count], to: &line)
        sum &+= Int64(line[4])
      }
      return sum
    }
    let rates = try Contest.run([encode, text], effort)
    let peer = try Peer.encode(frames, effort)
    let unit = "frames/s/core"
    var result = Result()
    result.findings = [
      Finding("picture of a battery to frames", rates[0], unit).against("Python", peer, rates[0]),
      Finding("frame to SLCAN text", rates[1], unit),
    ]
    if let peer { result.findings.append(Finding("Python: python-can and struct", peer, unit)) }
    result.notes = ["Processor time of one thread; a cycle has \(frames) frames."]
    if peer == nil { result.notes.append(Peer.missing("python-can")) }
    return result
  }

  /// Decisions of the charge control.
  static let charging = Benchmark(
    name: "charging", summary: "decisions on limits"
  ) { effort throws(CommandFailure) in
    let pictures = try Pictures.make()
    let decide = Candidate(name: "decisions") { count throws(CommandFailure) in
      var control = ChargeControl(.lfp)
      var sum: Int64 = 0
      for index in 0..<count {
        let limits = control.decide(
          pictures[index & 63].snapshot, freshness: .fresh, at: Tick(Int64(index) * 250))
        sum &+= Int64(limits?.chargeCurrent.value.raw ?? 0)
      }
      return sum
    }
    let rates = try Contest.run([decide], effort)
    return Result(
      findings: [Finding("snapshot to limits", rates[0], "decisions/s/core")],
      notes: ["Processor time of one thread; a battery at 4 Hz asks for 4 decisions a second."])
  }
}

/// What an inverter may be told of a battery in use, at 64 moments.
enum Pictures {
  static func make() throws(CommandFailure) -> [InverterPicture] {
    var specimen = try Specimen()
    var control = ChargeControl(.lfp)
    var pictures: [InverterPicture] = []
    for _ in 0..<64 {
      try specimen.live()
      let limits = control.decide(specimen.snapshot, freshness: .fresh, at: specimen.now)
      guard limits != nil else {
        throw CommandFailure("the charge control does not decide", .internalFault)
      }
      pictures.append(
        InverterPicture(snapshot: specimen.snapshot, freshness: .fresh, limits: limits))
    }
    return pictures
  }
}
