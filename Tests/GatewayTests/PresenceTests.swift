// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
@testable import Gateway
import Inverters
import Links
import Quantities
import Testing
import Wire

@Suite("What is said about links and inverters, and how often")
struct PresenceTests {
  @Test("An inverter that comes and goes is said once each, and never keeps frames from being sent")
  func inverter() {
    let battery = BatterySettings(
      name: "b", dialect: "tinybms", link: .serial(SerialSettings(path: "none")))
    let inverter = InverterSettings(name: "gx", battery: "b", link: .file("none"))
    var controller = Controller(dialect: .tinyBMS, battery: battery, inverters: [inverter])
    func heard() -> [Bool] {
      controller.events.compactMap {
        if case .inverterHeard(let isHeard) = $0 { isHeard } else { nil }
      }
    }
    for second in 0..<30 {
      let now = Tick(Int64(second) * 1000)
      controller.heard(CANFrame(id: 0x305, [0, 0, 0, 0, 0, 0, 0, 0]), output: 0, at: now)
      _ = controller.next(at: now)
    }
    #expect(heard() == [true])
    // Ten minutes of silence are what a GX that restarts may need.
    drain(&controller, at: Tick(29_000 + 600_000))
    #expect(heard() == [true])
    drain(&controller, at: Tick(29_000 + 600_251))
    #expect(heard() == [true, false])
    controller.heard(
      CANFrame(id: 0x307, [0x12, 0x34, 0x56, 0x78, 0x56, 0x49, 0x43, 0]), output: 0,
      at: Tick(700_000))
    #expect(heard() == [true, false, true])
    #expect(controller.presence(output: 0).isVictron)
  }

  private func drain(_ controller: inout Controller, at now: Tick) {
    while true { if case .wait = controller.next(at: now) { return } }
  }

  @Test(
    "A link that is down is said once, tried at least each second, and said to be back with how long it took"
  )
  func reopening() {
    var reopening = Reopening()
    var now = Tick(0)
    #expect(reopening.due <= now)
    #expect(
      reopening.failed(.absent(path: "/dev/x"), at: now)?.contains("/dev/x: not there") == true)
    for _ in 0..<20 {
      #expect(reopening.due > now && reopening.due - now <= 1000)
      now = reopening.due
      #expect(reopening.failed(.absent(path: "/dev/x"), at: now) == nil)
    }
    #expect(reopening.failed(.busy(path: "/dev/x"), at: now)?.contains("in use") == true)
    let text = reopening.succeeded(at: now + 500)
    #expect(text == "back after \(now + 500 - Tick(0)) ms and 22 failed tries")
    #expect(reopening.due == .never)
    #expect(reopening.fault == nil)
    // The next fault begins anew.
    #expect(reopening.failed(.vanished(path: "/dev/x"), at: now + 900) != nil)
    #expect(reopening.due - (now + 900) == 125)
  }

  @Test("A first opening without a fault is not worth a word")
  func quietStart() {
    var reopening = Reopening()
    #expect(reopening.succeeded(at: Tick(5)) == nil)
  }
}
