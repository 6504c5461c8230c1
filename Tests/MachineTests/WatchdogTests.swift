// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import TestKit
import Testing

/// A pseudo-terminal stands for the device: a character device that takes bytes and knows no watchdog's ioctl.
@Suite struct WatchdogTests {
  @Test func petsAndDisarms() throws {
    let pty = try Pty()
    let device = try WatchdogDevice(path: pty.path, timeout: 30)
    #expect(device.timeout == nil && device.refusal == SystemError(ENOTTY))
    try device.pet()
    try device.pet()
    try device.disarm()
    var bytes: [UInt8] = []
    #expect(waitUntil { (try? pty.receive(into: &bytes)) != nil && bytes.count >= 3 })
    #expect(bytes == [0, 0, UInt8(ascii: "V")])
  }

  @Test func nothingIsSaidWhenItIsLetGoOf() throws {
    let pty = try Pty()
    do {
      let device = try WatchdogDevice(path: pty.path, timeout: 30)
      try device.pet()
    }
    var bytes: [UInt8] = []
    #expect(waitUntil { (try? pty.receive(into: &bytes)) != nil && !bytes.isEmpty })
    #expect(bytes == [0], "without the magic character it stays armed")
  }

  @Test func nothingButADeviceIsOpened() throws {
    let scratch = try Scratch()
    let file = try scratch.write("settings", to: "file")
    #expect(throws: SystemError(ENODEV)) { _ = try WatchdogDevice(path: file, timeout: 30) }
    #expect(throws: SystemError(ENOENT)) {
      _ = try WatchdogDevice(path: scratch("none"), timeout: 30)
    }
  }
}
