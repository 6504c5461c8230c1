// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
@testable import Gateway
import Inverters
import Quantities
import Simulation
import Testing
import Text
import Wire

@Suite("The mapping in settings files")
struct MappingFileTests {
  private func read(
    _ mapping: String, profile: String = "victron"
  ) -> (settings: Settings, problems: [SettingProblem]) {
    SettingsFile.read(
      Array(
        """
        {
          batteries: [{ name: "house", dialect: "tinybms", link: { serial: "/dev/ttyUSB0" } }],
          inverters: [{ name: "gx", profile: "\(profile)", link: { can: "can0" },
            mapping: { \(mapping) } }],
        }
        """.utf8))
  }

  private func profile(_ settings: Settings) throws -> InverterProfile {
    let inverter = try #require(settings.inverters.first)
    return try #require(InverterProfile.named(inverter.profile)).applying(inverter.mapping)
  }

  @Test("Each kind of change is taken over")
  func changes() throws {
    let (settings, problems) = read(
      """
      "0x355": { soc_fine: { omit: true }, period_ms: 2000 },
      "0x356": { current: { scale: -1 }, temperature: { source: "mosfet_temperature_c" } },
      "0x351": { charge_current_limit: { scale: 0.95 } },
      "0x35F": { omit: true }, "0x370": { model_1: { source: "House battery" } },
      "0x373": { omit: false, cell_min: { omit: false } },
      """)
    #expect(problems.isEmpty, "\(problems.map(\.description))")
    let profile = try profile(settings)
    func row(_ id: UInt32, _ name: String) throws -> FieldRow {
      try #require(profile.fields.first { $0.id == id && "\($0.name)" == name })
    }
    #expect(try row(0x355, "soc_fine").isOmitted)
    #expect(try row(0x356, "current").scale == -1_000_000)
    #expect(try row(0x351, "charge_current_limit").scale == 950_000)
    #expect(profile.frames.first { $0.id == 0x355 }?.pace == 2000)
    #expect(profile.frames.first { $0.id == 0x35F }?.isOmitted == true)
    guard case .point(.mosfetTemperature) = try row(0x356, "temperature").source,
      case .fixed(let text) = try row(0x371, "model_2").source
    else {
      Issue.record("sources are not taken over")
      return
    }
    #expect(text == Label("House battery"))
    #expect(profile.frames.count { $0.isChanged } == 6)
  }

  @Test(
    "What is refused is told with its place and the reason, and is no part of the settings",
    arguments: [
      (#""0x35": { omit: true }"#, 16, #"unknown setting "0x35""#, "0x351"),
      (#""0x35f": { omit: true }"#, 16, #"unknown setting "0x35f""#, #"did you mean "0x35F"?"#),
      (#""0x305": { omit: true }"#, 16, #"unknown setting "0x305""#, "one of 0x351"),
      (#""0x351": { omit: true }"#, 33, "true", "without them a GX stops"),
      (#""0x351": { charge_current_limit: { omit: true } }"#, 57, "true", "does not bind it"),
      (
        #""0x351": { charge_current_limit: { scale: 1.01 } }"#, 58, "the number 1.01",
        "only be narrowed"
      ),
      (
        #""0x351": { discharge_current_limit: { source: "current_a" } }"#, 62,
        #"the text "current_a""#, "as they were decided"
      ),
      (
        #""0x351": { charge_voltage_limit: { source: "56.4" } }"#, 59, #"the text "56.4""#,
        "as they were decided"
      ),
      (#""0x35A": { alarms: { omit: true } }"#, 43, "true", "alarms and protections"),
      (#""0x351": { period_ms: 2000 }"#, 38, "the number 2000", "at least each second"),
      (#""0x355": { period_ms: 1500 }"#, 38, "the number 1500", "multiple of period_ms (1000 ms)"),
      (#""0x355": { period_ms: 500 }"#, 38, "the number 500", "multiple of period_ms (1000 ms)"),
      (#""0x355": { period_ms: 6000 }"#, 38, "the number 6000", "up to 5000 ms"),
      (#""0x356": { curent: { omit: true } }"#, 27, #""curent""#, #"did you mean "current"?"#),
      (
        #""0x356": { temperature: { source: "temp_mni_c" } }"#, 50, #""temp_mni_c""#,
        #"did you mean "temp_min_c"?"#
      ),
      (#""0x356": { temperature: { source: "cell_min_v" } }"#, 50, #""cell_min_v""#, "same kind"),
      (#""0x356": { voltage: { source: "53.2" } }"#, 46, #""53.2""#, "made-up number"),
      (#""0x356": { voltage: { scale: "2" } }"#, 45, #""2""#, "a number by which"),
      (#""0x356": { voltage: { factor: 2 } }"#, 38, #""factor""#, "one of omit, source, scale"),
      (#""0x35E": { manufacturer: { source: "Grün" } }"#, 51, "Grün", "1 to 8 ASCII"),
      (#""0x35E": { manufacturer: { source: 7 } }"#, 51, "the number 7", "a text for a name"),
      (#""0x356": { voltage: 2 }"#, 36, "the number 2", "an object"),
      (#""0x356": 2"#, 25, "the number 2", "an object"),
    ] as [(String, Int, String, String)])
  func refused(_ mapping: String, _ column: Int, _ found: String, _ expected: String) throws {
    let (settings, problems) = read(mapping)
    let problem = try #require(problems.first)
    #expect(problems.count == 1)
    #expect(problem.position.line == 4)
    #expect(problem.position.column == column, "\(problem)")
    #expect(problem.found.contains(found), "\(problem)")
    #expect(problem.expected.contains(expected), "\(problem)")
    #expect(problem.path.hasPrefix("inverters[0].mapping"))
    #expect(problem.severity == .error)
    #expect(settings.inverters.first?.mapping.isEmpty == true)
  }

  @Test("A mistake hides no other, and the profile decides what is needed")
  func several() {
    let (_, problems) = read(
      """
      "0x355": { soc: { omit: true } }, "0x35B": { omit: true },
      "0x356": { voltage: { omit: true }, current: { omit: true }, temperature: { omit: true } },
      """, profile: "sma")
    #expect(problems.count == 3)
    #expect(problems.contains { $0.path.hasSuffix("0x355.soc.omit") })
    #expect(problems.contains { $0.path.hasSuffix("0x35B.omit") })
    #expect(problems.contains { $0.path.hasSuffix("0x356.temperature.omit") })
  }

  @Test("Two inverters never share a bus: one identifier means other things in each profile")
  func clashes() throws {
    let links = [
      (#"{ can: "can0" }"#, #"{ can: "can0" }"#),
      (#"{ slcan: "/dev/ttyACM0" }"#, #"{ slcan: "/dev/ttyACM0", bitrate: 250000 }"#),
      (#"{ slcan: "/dev/ttyACM0" }"#, #"{ slcan: "/dev/ttyACM0", baud: 9600 }"#),
      (#"{ file: "can.log" }"#, #"{ file: "can.log" }"#),
    ]
    let names = InverterProfile.all.map { "\($0.name)" }
    for (link, other) in links {
      for first in names {
        for second in names {
          let (_, problems) = SettingsFile.read(
            Array(
              """
              {
                batteries: [{ name: "house", dialect: "tinybms", link: { serial: "/dev/ttyUSB0" } }],
                inverters: [
                  { name: "a", profile: "\(first)", link: \(link) },
                  { name: "b", profile: "\(second)", link: \(other) },
                ],
              }
              """.utf8))
          #expect(problems.count { $0.severity == .error } == 1)
          #expect(problems.first?.found == "the bus of another inverter")
          #expect(problems.first?.position.line == 5)
        }
      }
    }
  }

  @Test("The controller tells the inverter what the mapping says, and nothing of what was refused")
  func controller() throws {
    var loop = ClosedLoop(.demo)
    loop.profiles = ["victron"]
    let (settings, problems) = read(
      #""0x356": { current: { scale: -1 } }, "0x373": { omit: true }"#)
    #expect(problems.isEmpty)
    var mapping = try #require(settings.inverters.first?.mapping)
    // As if somebody had got past the reader.
    mapping.append(MappingChange(0x351, nil, .omit))
    mapping.append(MappingChange(0x351, Label("charge_current_limit"), .scale(2_000_000)))
    loop.mapping = mapping
    loop.start()
    loop.run(20_000)
    let frames = loop.sent.map(\.frame)
    #expect(!frames.contains { $0.id == 0x373 })
    let measured = try #require(frames.last { $0.id == 0x356 })
    let current = try #require(measured.littleInt16(at: 2))
    let known = try #require(loop.controller?.snapshot.reading[.current])
    #expect(known != 0 && (known > 0) == (current < 0))
    let limits = try #require(frames.last { $0.id == 0x351 })
    let decided = try #require(loop.controller?.limits)
    #expect(
      Int(try #require(limits.littleUInt16(at: 2))) * 100 <= decided.chargeCurrent.value.raw + 100)
  }
}
