// SPDX-License-Identifier: Apache-2.0
import Gateway
import Testing
import Text

@Suite("The live view")
struct StatusScreenTests {
  /// Made for this test: sixteen cells, limits with reasons, one alarm.
  private let view = """
    {"time":"2026-11-21T01:12:25.123Z","uptime_ms":5000,
     "batteries":[{"name":"house","dialect":"tinybms","freshness":"fresh","age_ms":120,
       "link":{"name":"/dev/ttyUSB0","up":true,"replies":12,"round_trip_ms":9,"timeouts":0,"bad_checksums":0,
         "reconnects":2,"latency":{"last_ms":9,"lowest_ms":4,"mean_ms":7.25,"highest_ms":31}},
       "reading":{"voltage_v":54.21,"current_a":12.5,"power_w":677.6,"soc_pct":93.25,
         "cell_voltages_v":[3.3871,3.3902,3.3888,3.3899,3.3871,3.3902,3.3888,3.3899,
                            3.3871,3.3902,3.3888,3.3899,3.3871,3.3902,3.3888,3.4011],
         "balancing_cells":[15],"temperatures_c":[24.5,null],"alarms":["overtemperature"],"warnings":[]},
       "limits":{"mode":"TRANSITION","charge_voltage_limit_v":55.2,"charge_voltage_reason":"TRANSITION",
         "charge_current_limit_a":12.5,"charge_current_reason":"cell 16 at 3.401 V on the cell curve",
         "discharge_current_limit_a":100,"discharge_current_reason":"set by the owner"}}],
     "inverters":[{"name":"gx","battery":"house","heard_ms_ago":400,
       "link":{"name":"can0","up":false,"fault":"can0: the interface is down"}},
       {"name":"second","battery":"house",
       "link":{"name":"can1","up":true,"reconnects":3,"bus":{"state":"bus_off","bus_off":4}}}],
     "history":{"path":"history.db","stored":7,"dropped":0},
     "parts":[{"name":"control","state":"running","restarts":0,"since":"2026-11-21T01:10:00.000Z"},
       {"name":"log","state":"running","restarts":0,"since":"2026-11-21T01:10:00.000Z"},
       {"name":"status","state":"waiting","fault":"s.sock: address already in use","restarts":2,
        "since":"2026-11-21T01:11:07.000Z"}],
     "reload":{"time":"2026-11-21T01:12:03.000Z","taken":false,"changes":[],
       "problems":["cellbus.json5:3:5: found \\"speed\\""]}}
    """

  private func lines(
    _ width: Int, _ height: Int, _ text: String, silence: Int64 = 0, isOn: Bool = false
  ) throws -> [String] {
    let value = try JSON5Reader.read(text, as: .json)
    return StatusScreen(width: width, height: height, style: Style(isOn: isOn)).lines(
      value, silence: silence)
  }

  @Test("What the user wants to know is there")
  func content() throws {
    let text = try lines(100, 40, view).joined(separator: "\n")
    for wanted in [
      "house", "54.21 V", "+12.5 A", "SOC 93.3 %", "fresh 0.1 s", "3.4011 V↓", "balancing 16",
      "TRANSITION",
      "cell 16 at 3.401 V on the cell curve", "T1 24.5 °C", "T2 –", "overtemperature",
      "can0: the interface is down",
      "7 readings stored", "control, log",
      "status waiting: s.sock: address already in use  since 01:11:07",
      "not taken over at 01:12:03:", "cellbus.json5:3:5: found \"speed\"",
      "answered in 9 ms; 4 to 31 ms, 7.3 ms in the mean",
      "0 bad checksums, 2 reconnects",
      "can1 up  bus-off  4 times bus-off", "3 reconnects",
    ] { #expect(text.contains(wanted), "\(wanted) is missing in\n\(text)") }
  }

  @Test("What was counted, what is left and the next visit are there where they are known")
  func accounts() throws {
    let counted = view.replacing(
      #""soc_pct":93.25,"#,
      with: #"""
        "soc_pct":93.25,"counted_soc_pct":91.04,"soc_drift_pct":2.21,"consumed_ah":8.96,
        "consumed_margin_ah":0.26,"time_to_full_s":1620,"counted_cycles":12.3456,"full_charges":9,
        "since_full_charge_s":93600,"deepest_discharge_ah":71.25,
        """#)
    let text = try lines(120, 40, counted).joined(separator: "\n")
    for wanted in [
      "Counted  SOC 91.0 %   the battery's is +2.2 % off   9.0 Ah drawn since full ± 0.3 Ah   full in 27 min",
      "Life     12.3 cycles   9 full charges   full 1 d 2 h ago   deepest 71.3 Ah",
    ] { #expect(text.contains(wanted), "\(wanted) is missing in\n\(text)") }
    let none = try lines(120, 40, view).joined(separator: "\n")
    #expect(!none.contains("Counted") && !none.contains("Life") && !none.contains("visit"))
    let asleep = view.replacing(#""age_ms":120"#, with: #""age_ms":120,"next_visit_ms":200000"#)
    #expect(
      try lines(120, 40, asleep).contains {
        $0.contains("left to sleep, next visit in 3 min 20 s")
      })
  }

  @Test(
    "It fits every size of terminal",
    arguments: [(20, 4), (40, 10), (63, 24), (64, 24), (80, 24), (200, 60), (1, 1)])
  func sizes(width: Int, height: Int) throws {
    for isOn in [false, true] {
      let lines = try lines(width, height, view, isOn: isOn)
      #expect(lines.count <= max(4, height))
      for line in lines { #expect(line.columns <= max(20, width), "\(line)") }
    }
  }

  @Test("A gateway that has fallen silent is never shown as alive")
  func silence() throws {
    #expect(
      try lines(100, 40, view, silence: 6000).contains { $0.contains("has said nothing for 6 s") })
    #expect(try !lines(100, 40, view, silence: 1000).contains { $0.contains("has said nothing") })
  }

  @Test("A lost battery shows no values, and a gateway of another version does not break the view")
  func absent() throws {
    let lost =
      #"{"batteries":[{"name":"house","freshness":"lost","link":{"name":"x","up":false,"fault":"x: has gone"}}]}"#
    let text = try lines(80, 24, lost).joined(separator: "\n")
    #expect(text.contains("– V") && text.contains("lost") && text.contains("x: has gone"))
    for strange in [
      "{}", "[]", "null", "{\"batteries\":[{}]}",
      "{\"batteries\":[{\"reading\":{\"cell_voltages_v\":[null]}}]}",
    ] {
      #expect(try !lines(80, 24, strange).isEmpty)
    }
  }
}
