// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Wire

/// The inverters that are told of one battery, or of one bank, without any I/O: fed with pictures, frames
/// and time, it answers with frames.
struct Outputs {
  /// One inverter.
  struct Output {
    let settings: InverterSettings
    var schedule: InverterSchedule
    var presence = InverterPresence()
    var wasHeard = false
    var identity: InverterIdentity

    init(_ inverter: InverterSettings) {
      let profile = (InverterProfile.named(inverter.profile) ?? .victron).applying(inverter.mapping)
      settings = inverter
      schedule = InverterSchedule(profile: profile, period: inverter.period, gap: inverter.gap)
      identity = InverterIdentity(
        manufacturer: Label((inverter.manufacturer ?? "\(profile.manufacturer)").utf8),
        model: Label(inverter.model.utf8), family: Label(inverter.family.utf8),
        health: inverter.health)
    }
  }

  private(set) var all: [Output]
  /// What the battery is called where neither it nor the owner gives it a name, and who makes it.
  var kind: (title: Label, maker: Label)

  init(_ inverters: [InverterSettings], kind: (title: Label, maker: Label)) {
    all = inverters.map(Output.init)
    self.kind = kind
  }

  /// A frame came from the bus of an output.
  ///
  /// - Returns: whether the inverter is heard, where that is different from before.
  mutating func heard(_ frame: CANFrame, output: Int, at now: Tick) -> Bool? {
    all[output].presence.heard(frame, at: now)
    return presenceNews(output, at: now)
  }

  /// Whether an inverter is heard, where that is different from when it was last asked.
  mutating func presenceNews(_ output: Int, at now: Tick) -> Bool? {
    let isHeard = all[output].presence.isAlive(at: now)
    guard isHeard != all[output].wasHeard else { return nil }
    all[output].wasHeard = isHeard
    return isHeard
  }

  /// The next frame that is due now, and for which output.
  mutating func next(at now: Tick) -> (output: Int, frame: CANFrame)? {
    for index in all.indices {
      if let frame = all[index].schedule.next(at: now) { return (index, frame) }
    }
    return nil
  }

  /// When the next frame is due.
  var deadline: Tick { all.map(\.schedule.deadline).min() ?? .never }

  /// Tells all of them something new; each introduces the battery in its own way.
  mutating func update(_ picture: InverterPicture, at now: Tick) {
    for index in all.indices { update(index, picture, at: now) }
  }

  private mutating func update(_ index: Int, _ picture: InverterPicture, at now: Tick) {
    all[index].schedule.update(introduced(picture, index), at: now)
  }

  /// The same picture with the name by which the battery introduces itself on an output.
  private func introduced(_ picture: InverterPicture, _ output: Int) -> InverterPicture {
    var picture = picture
    picture.identity = all[output].identity
    if picture.identity.model.isEmpty, picture.snapshot.reading.identity.model == nil {
      picture.identity.model = kind.title
    }
    if picture.identity.family.isEmpty { picture.identity.family = kind.maker }
    return picture
  }

  /// The frames of one cycle with this picture, by output; for a last word.
  func cycle(_ picture: InverterPicture) -> [[CANFrame]] {
    all.indices.map { all[$0].schedule.profile.encode(introduced(picture, $0)) }
  }

  /// How long the bus of an output is to be left alone before a last word, in milliseconds, where its
  /// inverter asks for a time between two frames of one identifier.
  func farewellPause(_ output: Int) -> Int64 { all[output].schedule.profile.repeatGap }

  /// Goes on with other settings.
  ///
  /// The schedule of an inverter whose settings are the same goes on; one with others is told `picture` at
  /// once.
  mutating func reconfigure(
    _ inverters: [InverterSettings], _ picture: InverterPicture?, at now: Tick
  ) {
    let before = all.map(\.settings)
    all = inverters.map { inverter in
      let before =
        all.first { $0.settings.link == inverter.link }
        ?? all.first { $0.settings.name == inverter.name }
      guard let before, before.settings != inverter else { return before ?? Output(inverter) }
      return before.continued(as: inverter)
    }
    guard let picture else { return }
    for index in all.indices where !before.contains(all[index].settings) {
      update(index, picture, at: now)
    }
  }
}

extension Outputs.Output {
  /// The same inverter by other settings.
  fileprivate func continued(as inverter: InverterSettings) -> Self {
    var output = Self(inverter)
    var alike = inverter
    alike.name = settings.name
    alike.link = settings.link
    alike.traffic = settings.traffic
    if alike == settings {
      // It is told the same, only elsewhere.
      output.schedule = schedule
    } else {
      output.schedule.follow(schedule)
    }
    if inverter.link == settings.link {
      output.presence = presence
      output.wasHeard = wasHeard
    }
    return output
  }
}
