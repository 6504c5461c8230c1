// SPDX-License-Identifier: Apache-2.0

import Battery
import Testing

@testable import Dialects

@Suite("Values of settings as text") struct SettingTextTests {
  private func row(_ name: String) throws -> Register {
    try #require(SettingsMap.tinyBMS.row(name))
  }

  @Test(
    arguments: [
      ("fully_charged_v", "3.65 V", 3650), ("fully_charged_v", "3.65", 3650),
      ("fully_charged_v", "3650mV", 3650), ("fully_charged_v", "+3.650", 3650),
      ("charge_finished_current_a", "2500 mA", 2500), ("allowed_disbalance_mv", "0.02 V", 20),
      ("discharge_overcurrent_a", "60 A", 60), ("discharge_overcurrent_a", "60.0", 60),
      ("nominal_ah", "100.5 Ah", 10_050), ("low_temp_charge_cutoff_c", "-5 °C", -5),
      ("low_temp_charge_cutoff_c", "-5 C", -5), ("set_soc_pct", "50 %", 25_000),
      ("set_soc_pct", "0.002", 1), ("flags", "0b101", 5), ("flags", "0x4", 4),
    ] as [(String, String, Int64)])
  func reads(_ name: String, _ text: String, _ raw: Int64) throws {
    #expect(try row(name).raw(of: text.utf8) == raw)
  }

  @Test(
    arguments: [
      ("fully_charged_v", "", .notANumber), ("fully_charged_v", "V", .notANumber),
      ("fully_charged_v", "3,65", .otherUnit), ("fully_charged_v", "3.65 A", .otherUnit),
      ("fully_charged_v", "3.65 V x", .otherUnit), ("fully_charged_v", "3.6501", .tooFine),
      ("discharge_overcurrent_a", "60.5", .tooFine), ("set_soc_pct", "0.001", .tooFine),
      ("cell_count", "0x", .otherUnit), ("fully_charged_v", "0x10", .otherUnit),
      ("fully_charged_v", "99999999999999999999", .tooLarge),
    ] as [(String, String, SettingTextError)])
  func refuses(_ name: String, _ text: String, _ error: SettingTextError) throws {
    let row = try row(name)
    #expect(throws: error) { try row.raw(of: text.utf8) }
  }

  @Test("What is written is read back the same, for every row and both its ends")
  func roundTrip() throws {
    for row in SettingsMap.tinyBMS.rows {
      for raw in [row.lowest ?? 0, row.highest ?? 7, (row.lowest ?? 0) + 1] {
        #expect(try row.raw(of: row.text(raw).utf8) == raw, "\(row.name)")
      }
    }
  }

  @Test("Rules are about settings that there are, and orders have a value for nothing pending")
  func laws() {
    for map in SettingsMap.all {
      for rule in map.rules {
        for address in [rule.addresses.0, rule.addresses.1] {
          #expect(map.row(at: address)?.address == address)
        }
      }
      for row in map.rows where map.traits(row).isOrder { #expect(row.absent != nil) }
      #expect(map.questions.map(\.part).contains(.current))
      #expect(map.language.polls.isEmpty && map.language.wake != nil)
    }
  }

  @Test("Every setting can be found by its name, and names are unique")
  func names() {
    for row in SettingsMap.tinyBMS.rows {
      #expect(row.access == .write)
      #expect(SettingsMap.tinyBMS.row("\(row.name)")?.address == row.address)
    }
  }
}
