// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Quantities
import Text

extension GatewayView {
  /// One bank.
  package struct BankView: Sendable {
    /// One of its packs.
    package struct Pack: Sendable {
      /// The name of the battery.
      package var name: String
      /// How it stands in the bank.
      package var state: PackState
      /// Its voltage; `nil` while it is not to be believed.
      package var voltage: Voltage?
      /// Its current; `nil` while it is not to be believed.
      package var current: Current?
      /// Its state of charge; `nil` while it is not to be believed.
      package var soc: Percent?
    }

    /// A value that another battery tells.
    package struct Source: Sendable {
      /// The value.
      package var point: Point
      /// The battery.
      package var battery: String
      /// Whether it is taken from there now; otherwise the packs' own stands.
      package var isInUse: Bool
    }

    /// The name in the settings.
    package var name: String
    /// How its packs are joined, in words.
    package var arrangement: String
    /// Its packs, in the order of the settings.
    package var packs: [Pack]
    /// Values from elsewhere.
    package var sources: [Source]
    /// Everything known about the whole.
    package var snapshot: Snapshot
    /// The stage of its age.
    package var freshness: Freshness
    /// Ages at which the stages end.
    package var bounds: Freshness.Bounds
    /// What the inverter may do with it; `nil` while that cannot be decided.
    package var limits: Limits?
    /// Why there are no limits, in a few words.
    package var silence: String?
    /// The pack that holds the lowest cell, and so on.
    package var lowestCellPack: String?
    /// See `lowestCellPack`.
    package var highestCellPack: String?
    /// See `lowestCellPack`.
    package var coldestPack: String?
    /// See `lowestCellPack`.
    package var hottestPack: String?
  }
}

extension GatewayView.BankView {
  /// Lets the readings age to `now`, so that a view that is not renewed never looks fresh.
  package mutating func grow(to now: Tick) {
    freshness = max(freshness, Freshness(age: snapshot.age(at: now), bounds: bounds))
  }

  /// Writes the bank, in the keys that a battery has, too, and some of its own.
  func fields(_ now: Tick, _ writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("arrangement", arrangement)
    writer.field("freshness", freshness.name)
    if let age = snapshot.age(at: now) { writer.field("age_ms", age) }
    writer.array("packs") { writer in
      for pack in packs {
        writer.object { writer in
          writer.field("name", pack.name)
          writer.field("state", pack.state.name)
          if let voltage = pack.voltage { writer.field("voltage_v", voltage) }
          if let current = pack.current { writer.field("current_a", current) }
          if let soc = pack.soc { writer.field("soc_pct", soc) }
        }
      }
    }
    writer.array("sources") { writer in
      for source in sources {
        writer.object { writer in
          writer.field("point", source.point.name)
          writer.field("battery", source.battery)
          writer.field("in_use", source.isInUse)
        }
      }
    }
    if freshness != .lost {
      writer.fields(of: snapshot)
      if let lowestCellPack { writer.field("cell_min_pack", lowestCellPack) }
      if let highestCellPack { writer.field("cell_max_pack", highestCellPack) }
      if let coldestPack { writer.field("temp_min_pack", coldestPack) }
      if let hottestPack { writer.field("temp_max_pack", hottestPack) }
    }
    if let silence { writer.field("no_limits_because", silence) }
    if let limits { writer.object("limits") { $0.fields(of: limits) } }
  }
}
