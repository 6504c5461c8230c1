// SPDX-License-Identifier: Apache-2.0
import Gateway
import Glibc
import Machine
import TestKit
import Testing

@Suite("What the service manager is told")
struct HeraldTests {
  /// The manager's end: a datagram socket of this test.
  private final class Manager {
    let path: String
    private let socket: Descriptor
    private(set) var heard: [String] = []

    init(_ path: String) throws(SystemError) {
      self.path = path
      socket = try Descriptor { Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let number = socket.number
      let bytes = Array(path.utf8)
      unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
      try checked {
        unsafe withUnsafePointer(to: &address) { pointer in
          unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
      }
      _ = fcntl(number, F_SETFL, O_NONBLOCK)
    }

    func listen() {
      var bytes: [UInt8] = []
      while (try? socket.read(into: &bytes, limit: 1000)) ?? nil != nil {
        heard.append(String(decoding: bytes, as: UTF8.self))
        bytes = []
      }
    }

    func hears(_ text: String, times: Int = 1) -> Bool {
      waitUntil {
        listen()
        return heard.count { $0.contains(text) } >= times
      }
    }
  }

  @Test("Ready after the first cycle and not before; pets only while cycles are completed")
  func pulse() throws {
    let scratch = try Scratch()
    let manager = try Manager(scratch("notify"))
    let waker = try Waker()
    let pulse = Pulse(waker: waker)
    let herald = try Herald(address: manager.path, timeout: 200, pulse: pulse, waker: waker)
    pulse.words.post("house lost; 1 inverter")
    #expect(manager.hears("STATUS=house lost; 1 inverter"))
    // Several times its half has passed, with nothing completed.
    usleep(300_000)
    manager.listen()
    #expect(!manager.heard.contains { $0.contains("READY") || $0.contains("WATCHDOG") })

    pulse.beat()
    #expect(manager.hears("READY=1") && manager.hears("WATCHDOG=1"))
    // One cycle is worth one pet, however long it is waited.
    usleep(500_000)
    manager.listen()
    #expect(manager.heard.count { $0 == "WATCHDOG=1" } == 1)
    pulse.beat()
    #expect(manager.hears("WATCHDOG=1", times: 2))
    herald.tellStopping()
    herald.close()
    #expect(manager.hears("STOPPING=1"))
  }

  @Test("A reload is over when a cycle with its settings is complete")
  func reload() throws {
    let scratch = try Scratch()
    let manager = try Manager(scratch("notify"))
    let waker = try Waker()
    let pulse = Pulse(waker: waker)
    let herald = try Herald(address: manager.path, timeout: nil, pulse: pulse, waker: waker)
    pulse.beat()
    #expect(manager.hears("READY=1"))
    let before = MonotonicClock.nanoseconds() / 1000
    herald.tellReloading()
    herald.tellReady(settings: 1)
    #expect(manager.hears("RELOADING=1\nMONOTONIC_USEC="))
    let moment = manager.heard.last?.split(separator: "=").last.flatMap { Int64($0) } ?? 0
    #expect(moment >= before && moment <= MonotonicClock.nanoseconds() / 1000)
    pulse.beat()
    usleep(200_000)
    manager.listen()
    #expect(manager.heard.count { $0 == "READY=1" } == 1, "the old settings are still in force")
    pulse.took(settings: 1)
    #expect(manager.hears("READY=1", times: 2))
    herald.close()
  }

  @Test("A manager that is away or takes nothing makes nobody wait and is told later")
  func away() throws {
    let scratch = try Scratch()
    let waker = try Waker()
    let pulse = Pulse(waker: waker)
    let path = scratch("notify")
    let herald = try Herald(address: path, timeout: 100, pulse: pulse, waker: waker)
    pulse.beat()
    #expect(waitUntil { herald.fault == SystemError(ENOENT) })
    let manager = try Manager(path)
    #expect(manager.hears("READY=1") && herald.fault == nil)
    herald.close()
  }
}
