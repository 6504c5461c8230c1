// SPDX-License-Identifier: Apache-2.0
import CLinux
import Links
import Machine
import TestKit
import Testing
import Wire

@Suite struct SocketCANTests {
  @Test(arguments: ["", "a-name-too-long-0", "can 0", "a/b"]) func namesAreChecked(_ name: String) {
    let error = #expect(throws: LinkError.self) { try SocketCANLink(interface: name).open() }
    #expect(error?.kind.description == "unsupported")
  }

  @Test func whatIsMissingIsNamed() {
    let link = SocketCANLink(interface: "nocan9")
    let error = #expect(throws: LinkError.self) { try link.open() }
    // Without CAN in the kernel the socket fails, with it the name does.
    let hasCAN = Descriptor(owning: clinux_can_socket()).number >= 0
    #expect(error?.kind.description == (hasCAN ? "absent" : "unsupported"))
    #expect(error?.description.hasPrefix("nocan9: ") == true)
    #expect(link.descriptor == nil)
    #expect(link.counters.errors == 1)
  }

  @Test func otherInterfacesAreRefused() {
    let error = #expect(throws: LinkError.self) { try SocketCANLink(interface: "lo").open() }
    #expect(error?.kind.description == "unsupported")
  }

  @Test func errorFramesAreCountedByClass() {
    var health = CANHealth()
    health.count(clinux_can_error | clinux_can_bus_off)
    health.count(clinux_can_error | clinux_can_restarted)
    health.count(clinux_can_error | clinux_can_unacknowledged | clinux_can_bus_error)
    health.count(clinux_can_error | clinux_can_controller)
    health.count(clinux_can_error | clinux_can_lost_transmission)
    #expect(health.busOff == 1)
    #expect(health.restarted == 1)
    #expect(health.unacknowledged == 1)
    #expect(health.busErrors == 1)
    #expect(health.warnings == 1)
    #expect(health.timedOut == 1)
  }

  /// Byte 1 of an error frame of class "controller": linux/can/error.h.
  @Test func theStateOfTheControllerIsFollowed() {
    var health = CANHealth()
    #expect(health.state == .active)
    for (told, state) in [
      (0x04, .warning), (0x10, .passive), (0x20, .passive), (0x08, .warning), (0x01, .warning),
      (0x40, .active), (0x30, .passive),
    ] as [(UInt64, CANHealth.State)] {
      // Other bytes carry other things.
      health.count(clinux_can_error | clinux_can_controller, data: told << 8 | 0xFF00_00FF)
      #expect(health.state == state)
    }
    health.count(clinux_can_error | clinux_can_bus_off)
    #expect(health.state == .busOff && health.busOff == 1)
    health.count(clinux_can_error | clinux_can_restarted)
    #expect(health.state == .active && health.restarted == 1)
    #expect(CANHealth.State.busOff > .passive)
  }
}

// Among the laws, which run one after the other: there is one bus.
extension LinkLaws {
  @Test(.enabled(if: LinkKind.hasInterface, "there is no vcan0 here"))
  func filtersAndFormats() throws {
    let all = SocketCANLink(interface: LinkKind.interface)
    let some = SocketCANLink(
      interface: LinkKind.interface,
      filters: [
        .init(id: 0x305), .init(id: 0x1234_5678, mask: 0x1FFF_FFFF, isExtended: true),
      ])
    try all.open()
    try some.open()
    let frames = [
      CANFrame(id: 0x305, [1]), CANFrame(id: 0x306, [2]),
      CANFrame(id: 0x305, isExtended: true, [3]),
      CANFrame(id: 0x1234_5678, isExtended: true, [UInt8](0..<8)),
    ]
    for frame in frames { try all.send(frame) }
    #expect(try some.next() == frames[0])
    #expect(try some.next() == frames[3])
    #expect(try some.receive() == nil)
    // Nothing comes back to the sender.
    #expect(try all.receive() == nil)
  }
}
