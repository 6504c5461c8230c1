// SPDX-License-Identifier: Apache-2.0

import Battery

// What is wrong with a link, from what was counted and the bytes that were not believed.

extension LinkHealth {
  /// So few questions say nothing.
  private static let fewest: Int64 = 5

  /// What is wrong, the most probable cause of each trouble alone.
  package var findings: [Finding] {
    if let fault {
      return [
        finding(.wrong, "link_down", fault, "Mend what the message names: it is tried again.")
      ]
    }
    guard asked >= Self.fewest else {
      return self["broadcasts"] > 0
        ? values : [finding(.note, "too_early", "too little was asked so far", "Ask again later.")]
    }
    let echoes = self["echoes"] * 5 >= self["requests"]
    if self["replies"] == 0 { return [deaf(echoes)] }
    // An echo may look like a torn frame of the language; it does no damage while answers are good.
    let isHarmless = echoes && goodPermille ?? 0 >= 990
    return (echoes ? [echo(.watch)] : []) + (isHarmless ? [] : damage) + quality + values
  }

  private func finding(
    _ level: Finding.Level, _ cause: String, _ seen: String, _ advice: String
  ) -> Finding {
    Finding(level, cause, battery, seen, advice)
  }

  private func echo(_ level: Finding.Level) -> Finding {
    finding(
      level, "echo", "the line sends back what is sent (\(self["echoes"]) times)",
      level == .wrong
        ? "Only the own questions come back: sending and receiving wires are joined, or the adapter "
          + "echoes and the battery is silent. Check wires A and B, and that the battery is on."
        : "Harmless, since echoes are told apart. Switch the adapter's echo off where it can be.")
  }

  /// Nothing at all was answered.
  private func deaf(_ echoes: Bool) -> Finding {
    if echoes { return echo(.wrong) }
    if self["bad_checksums"] > self["babble"], self["bad_checksums"] > 2 {
      return finding(
        .wrong, "all_damaged", "answers come, and each is damaged",
        "The speed is nearly right or the line is very disturbed: check the speed, ground and cable."
      )
    }
    if self["babble"] + self["incomplete"] > 0 || self["unasked_bytes"] > 8 {
      return finding(
        .wrong, "wrong_speed", "bytes come back, and none is an answer in \(dialect)",
        "The speed is wrong, the wires are swapped, or the battery speaks another language: check "
          + "baud and dialect first, then A and B.")
    }
    return finding(
      .wrong, "silent", "no byte came back to \(self["requests"]) questions",
      "Is the battery on and awake? Is it the right port, and its cable the right one? Is another "
        + "program or a Bluetooth module connected?")
  }

  /// Bytes that are turned or lost on the way.
  private var damage: [Finding] {
    let turned = self["bad_checksums"] + self[.shape]
    let lost = self["incomplete"]
    let babble = self["babble"]
    let bad = turned + lost + babble
    guard bad > 0 else { return [] }
    let permille = bad * 1000 / max(1, asked)
    let level: Finding.Level = permille >= 10 ? .wrong : permille >= 1 ? .watch : .note
    let share = "\(permille / 10).\(permille % 10) % of the answers"
    if let hertz = mains {
      return [
        finding(
          level, "mains_noise", "\(share) are damaged, in step with the mains (\(hertz) Hz)",
          "Lead the cable away from mains and inverter cables, connect ground at one end only, or use "
            + "a shielded, twisted cable or an isolated adapter.")
      ]
    }
    if lost * 2 > bad {
      return [
        finding(
          level, "lost_bytes", "\(share) are too short: bytes get lost",
          "A loose contact, an overloaded USB hub or a slow adapter: try another plug, port or adapter."
        )
      ]
    }
    if self[.shape] * 2 > bad {
      return [
        finding(
          level, "other_speaker", "\(share) answer something that was not asked",
          "Another program, display or battery speaks on this line: only one may ask.")
      ]
    }
    return [
      finding(
        level, "turned_bits", "\(share) are damaged: bits are turned on the way",
        "Shorten the cable, lead it away from the DC cables of the inverter, connect ground, end an "
          + "RS485 pair with 120 Ω, or try another adapter.")
    ]
  }

  /// How well the line is used.
  private var quality: [Finding] {
    var found: [Finding] = []
    let silent = silences
    if silent * 50 > asked {
      found.append(
        finding(
          silent * 5 > asked ? .wrong : .watch, "unanswered",
          "\(silent) of \(asked) questions had no answer at all",
          "A battery that sleeps, or a second master: poll it more slowly, or let only one program ask."
        ))
    }
    if self["reconnects"] > 0 {
      found.append(
        finding(
          self["reconnects"] > 3 ? .watch : .note, "reconnects",
          "the link was opened again \(self["reconnects"]) times",
          "A plug that moves, or a USB port without enough power."))
    }
    if self["unasked_bytes"] > 100, self["broadcasts"] == 0,
      self["unasked_bytes"] * 50 > self["bytes_in"]
    {
      found.append(
        finding(
          .watch, "noise_at_rest", "\(self["unasked_bytes"]) bytes came that nobody had asked for",
          "A line without resistors that float, noise, or another program on the same line."))
    }
    if let mean, mean > 500 {
      found.append(
        finding(
          .watch, "slow", "an answer takes \(mean) ms in the mean",
          "A slow network or gateway: raise poll_ms so that answers are not asked for twice."))
    }
    return found
  }

  /// Numbers that came well and are not believed all the same.
  private var values: [Finding] {
    func told(_ kind: Objection.Kind) -> String {
      let why = newest.last { $0.kind == kind }?.why ?? "\(kind.name)"
      return "\(self[kind]) readings are refused: \(why)"
    }
    var found: [Finding] = []
    if self[.range] > 0 {
      found.append(
        finding(
          .wrong, "impossible_value", told(.range),
          "Measure that cell or sensor with a meter: a loose sense wire is the usual cause."))
    }
    if self[.sum] > 0 {
      found.append(
        finding(
          .wrong, "contradiction", told(.sum),
          "A loose sense wire, a wrong count of cells in the battery, or its pack voltage needs "
            + "calibrating."))
    }
    let leaps = self[.jump] + self[.change]
    if leaps > 0 {
      let isMany = leaps * 100 > self["replies"]
      found.append(
        finding(
          isMany ? .watch : .note, "leaps",
          "\(leaps) readings leapt and were held back until a second one agreed",
          isMany
            ? "So many are not true: look at the line, and at the sense wires."
            : "True steps cost one more question each; nothing is to be done."))
    }
    if self[.sentinel] > 0 {
      found.append(
        finding(
          .watch, "sensor_off", "a temperature sensor tells that it is not connected",
          "Look at its plug; without a temperature, charging is limited."))
    }
    return found
  }
}
