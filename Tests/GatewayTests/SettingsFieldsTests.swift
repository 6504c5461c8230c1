// SPDX-License-Identifier: Apache-2.0
import Charging
@testable import Gateway
import Machine
import Quantities
import Testing
import Text

/// What a file says arrives in the settings, and what it does not say has the default.
@Suite("The settings of each part")
struct SettingsFieldsTests {
  private func read(
    _ battery: String = "", inverter: String = "", top: String = "",
    link: String = "{ serial: \"/dev/ttyS1\" }"
  ) -> (settings: Settings, problems: [SettingProblem]) {
    SettingsFile.read(
      Array(
        """
        { version: 2,
          batteries: [{ name: "house", dialect: "tinybms", link: \(link), \(battery) }],
          inverters: [{ name: "gx", link: { can: "can0" }, \(inverter) }],
          \(top) }
        """.utf8))
  }

  @Test(
    "A battery's wire is a serial port or a program on the network",
    arguments: [
      ("{ serial: \"/dev/ttyS1\", baud: 9600 }", .serial(.init(path: "/dev/ttyS1", baud: 9600))),
      ("{ tcp: \"bms.local:2000\" }", .tcp(.init(host: "bms.local", port: 2000))),
      ("{ tcp: \"[::1]:65535\" }", .tcp(.init(host: "::1", port: 65_535))),
      ("{ tcp: \"[fe80::1%eth0]:1\" }", .tcp(.init(host: "fe80::1%eth0", port: 1))),
      ("{ modbus_tcp: \"10.0.0.7\" }", .modbusTCP(.init(host: "10.0.0.7", port: 502))),
      ("{ modbus_tcp: \"[fd00::7]\" }", .modbusTCP(.init(host: "fd00::7", port: 502))),
      ("{ modbus_tcp: \"10.0.0.7:5020\" }", .modbusTCP(.init(host: "10.0.0.7", port: 5020))),
    ] as [(String, ByteLinkSettings)])
  func links(_ text: String, _ link: ByteLinkSettings) {
    let (settings, problems) = read(link: text)
    #expect(problems.isEmpty, "\(problems)")
    #expect(settings.batteries.first?.link == link)
  }

  @Test(
    "What is no host with a port is refused",
    arguments: [
      "a", "a:", ":5", "a:0", "a:65536", "a:05", "a:+5", "::1:5", "[::1]", "[::1]5", "[::g]:5",
      "[]:5",
      "[::1%]:5", "a b:5", "a/b:5", "",
    ])
  func hosts(_ host: String) throws {
    let problem = try #require(read(link: "{ tcp: \"\(host)\" }").problems.first)
    #expect(problem.path == "batteries[0].link.tcp")
    #expect(problem.expected.hasPrefix("a host and a port from 1 to 65535"))
  }

  @Test("An RS485 port turns its transceiver as it is told")
  func rs485() throws {
    func settings(_ text: String) -> RS485Settings? {
      let (settings, problems) = read(link: "{ serial: \"/dev/ttyS1\", rs485: \(text) }")
      #expect(problems.isEmpty, "\(problems)")
      guard case .serial(let serial) = settings.batteries.first?.link else { return nil }
      return serial.rs485
    }
    #expect(settings("true") == RS485Settings())
    #expect(settings("{}") == RS485Settings())
    #expect(settings("false") == nil)
    var all = RS485Settings()
    all.isRTSHighOnSend = false
    all.delayBeforeSend = 1
    all.delayAfterSend = 100
    all.receivesDuringSend = true
    all.isTerminated = true
    let text = """
      { rts_on_send: "low", delay_before_ms: 1, delay_after_ms: 100, receive_own: true, \
      terminate: true }
      """
    #expect(settings(text) == all)
    for wrong in ["7", "\"high\"", "null", "{ delay_before_ms: 101 }", "{ rts_on_send: \"up\" }"] {
      #expect(!read(link: "{ serial: \"x\", rs485: \(wrong) }").problems.isEmpty, "\(wrong)")
    }
  }

  @Test("What belongs to another kind of link does nothing, and is told")
  func otherKinds() throws {
    let (settings, problems) = read(link: "{ tcp: \"a:1\", baud: 9600 }")
    let problem = try #require(problems.first)
    #expect(problems.count == 1 && problem.severity == .warning)
    #expect(problem.found == "\"baud\" beside \"tcp\"" && problem.expected.contains("\"serial\""))
    #expect(settings.batteries.first?.link == .tcp(.init(host: "a", port: 1)))
    #expect(
      read(link: "{ tcp: \"a:1\", serial: \"x\" }").problems.first?.found.hasPrefix("more than one")
        == true)
  }

  @Test("A battery that may sleep is polled every 15 s to an hour, and drives no inverter")
  func lowPower() throws {
    #expect(read("low_power: false, poll_ms: 250").problems.isEmpty)
    let asleep = read("low_power: true")
    #expect(asleep.settings.batteries.first?.pollPeriod == 300_000)
    let problem = try #require(asleep.problems.first)
    #expect(problem.path == "inverters[0]" && problem.expected.contains("slowly than every 10 s"))
    for (poll, isGood) in [(14_999, false), (15_000, true), (3_600_000, true), (3_600_001, false)] {
      let text = """
        { batteries: [{ name: "a", dialect: "tinybms", link: { serial: "x" }, low_power: true,
          poll_ms: \(poll) }] }
        """
      let (settings, problems) = SettingsFile.read(Array(text.utf8))
      #expect(problems.isEmpty == isGood, "\(poll)")
      #expect(settings.batteries.first?.pollPeriod == (isGood ? Int64(poll) : 300_000))
    }
    #expect(
      read("poll_ms: 15000").problems.first?.expected == "a whole number from 100 to 10000 ms")
  }

  @Test("Traffic is a path, or an object with more to say")
  func traffic() throws {
    var usual = TrafficSettings(path: "a.log")
    #expect(read("traffic: \"a.log\"").settings.batteries.first?.traffic == usual)
    #expect(read("traffic: null").settings.batteries.first?.traffic == nil)
    let all = "traffic: { file: \"a.log\", max_mib: 2, max_age_h: 3, keep: 0 }"
    usual.rotation.largest = 2 << 20
    usual.rotation.longest = 3 * 3_600_000
    usual.rotation.kept = 0
    #expect(read(all).settings.batteries.first?.traffic == usual)
    let (settings, problems) = read(inverter: all)
    #expect(problems.isEmpty && settings.inverters.first?.traffic == usual)
    #expect(read("traffic: {}").problems.first?.found == "no \"file\"")
  }

  @Test("The log has a level, parts of another level, and a file")
  func log() throws {
    let (settings, problems) = read(
      top: """
        log: { level: "warning", parts: { control: "debug", house: "info", gx: "error" },
          file: "cellbus.log", max_mib: 1, max_age_h: 24, keep: 9 }
        """)
    #expect(problems.isEmpty, "\(problems)")
    var log = LogSettings()
    log.level = .warning
    log.parts = ["control": .debug, "house": .info, "gx": .error]
    log.path = "cellbus.log"
    log.rotation.largest = 1 << 20
    log.rotation.longest = 24 * 3_600_000
    log.rotation.kept = 9
    #expect(settings.log == log)
    let wrong = try #require(read(top: "log: { parts: { contrl: \"debug\" } }").problems.first)
    #expect(wrong.found == "the unknown part \"contrl\"")
    #expect(wrong.expected.hasSuffix("did you mean \"control\"?"))
    #expect(read(top: "log: { parts: { boat: \"debug\" } }").problems.count == 1)
    #expect(!read(top: "log: { parts: { control: 3 } }").problems.isEmpty)
    #expect(!read(top: "log: { parts: [] }").problems.isEmpty)
  }

  @Test("History, status and watchdog are read; null takes away what it may")
  func others() {
    let (settings, problems) = read(
      top: """
        history: { file: "h.db", period_ms: 500, commit_ms: 60000, max_mib: 16, records_d: 1,
          minutes_d: null, hours_d: 36500 },
        status: { socket: null },
        watchdog: { device: "/dev/watchdog", timeout_s: 300 },
        """)
    #expect(problems.isEmpty, "\(problems)")
    var history = HistorySettings()
    history.path = "h.db"
    history.period = 500
    history.commitPeriod = 60_000
    history.largest = 16 << 20
    history.recordDays = 1
    history.minuteDays = nil
    history.hourDays = 36_500
    #expect(settings.history == history)
    #expect(settings.status.socket == nil)
    var watchdog = WatchdogSettings()
    watchdog.device = "/dev/watchdog"
    watchdog.timeout = 300
    #expect(settings.watchdog == watchdog)
    #expect(read(top: "history: { file: null }").settings.history.path == nil)
  }

  @Test("What is not said has the default of the gateway")
  func defaults() throws {
    let (settings, problems) = read()
    #expect(problems.isEmpty)
    #expect(settings.history == HistorySettings() && settings.log == LogSettings())
    #expect(settings.status == StatusSettings() && settings.watchdog == WatchdogSettings())
    let battery = try #require(settings.batteries.first)
    #expect(battery.traffic == nil && battery.password == nil && !battery.isLowPower)
    #expect(battery.fresh == nil && battery.charging == .lfp)
    let inverter = try #require(settings.inverters.first)
    #expect(inverter.profile == "victron" && inverter.period == 1000 && inverter.gap == 20)
    #expect(inverter.model.isEmpty && inverter.family.isEmpty && inverter.traffic == nil)
  }

  @Test(
    "Two batteries share no wire, whatever it is called",
    arguments: [
      ("{ serial: \"x\" }", "{ serial: \"x\", baud: 9600 }"),
      ("{ tcp: \"a:1\" }", "{ tcp: \"A:1\" }"),
      ("{ tcp: \"a:502\" }", "{ modbus_tcp: \"a\" }"),
    ])
  func oneWire(_ first: String, _ second: String) {
    let text = """
      { batteries: [{ name: "a", dialect: "tinybms", link: \(first) },
        { name: "b", dialect: "tinybms", link: \(second) }] }
      """
    let problems = SettingsFile.read(Array(text.utf8)).problems
    #expect(problems.map(\.found) == ["the wire of battery \"a\""])
  }

  @Test(
    "An inverter's bus is an interface, an adapter with its speeds, or a file",
    arguments: [
      ("{ can: \"can1\" }", .socketCAN("can1")), ("{ file: \"can.log\" }", .file("can.log")),
      ("{ slcan: \"tty\" }", .slcan(.init(path: "tty", baud: 115_200), bitrate: 500_000)),
      (
        "{ slcan: \"tty\", bitrate: 250000, baud: 9600 }",
        .slcan(.init(path: "tty", baud: 9600), bitrate: 250_000)
      ),
    ] as [(String, FrameLinkSettings)])
  func buses(_ text: String, _ link: FrameLinkSettings) {
    let (settings, problems) = SettingsFile.read(
      Array(
        """
        { batteries: [{ name: "a", dialect: "tinybms", link: { serial: "x" } }],
          inverters: [{ name: "gx", link: \(text) }] }
        """.utf8))
    #expect(problems.isEmpty && settings.inverters.first?.link == link)
  }

  @Test("Two things that are written to one file are told")
  func oneFile() {
    let (_, problems) = read("traffic: \"a.log\"", inverter: "traffic: { file: \"a.log\" }")
    #expect(problems.map(\.path) == ["inverters[0].traffic.file"])
    #expect(problems.first?.severity == .warning)
    let log = read(inverter: "traffic: \"a.log\"", top: "log: { file: \"a.log\" }").problems
    #expect(log.count == 1)
  }

  @Test("A name is needed, and null is none")
  func names() {
    for name in ["null", "\"\"", "7"] {
      let text = "{ batteries: [{ name: \(name), dialect: \"tinybms\", link: { serial: \"x\" } }] }"
      #expect(SettingsFile.read(Array(text.utf8)).problems.count == 1, "\(name)")
    }
    let one = SettingsFile.read(Array("{ batteries: 7, inverters: [8] }".utf8)).problems
    #expect(one.map(\.path) == ["batteries", "inverters[0]"])
    #expect(SettingsFile.read(Array("{}".utf8)).problems.first?.found == "no \"batteries\"")
    let none = SettingsFile.read(Array("{ batteries: [] }".utf8)).problems
    #expect(none.map(\.expected) == ["at least 1"])
    #expect(SettingsFile.read(Array("[]".utf8)).problems.first?.expected == "an object { … }")
  }
}
