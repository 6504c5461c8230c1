// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension InverterSettings {
  /// The bus that these settings name, not open yet, with its log where one is wanted.
  func makeLink(log: Log) -> any FrameLink {
    let bus: any FrameLink =
      switch link {
      case .socketCAN(let interface): SocketCANLink(interface: interface)
      case .slcan(let serial, let bitrate):
        SLCANLink(over: serial.makeLink(), bitsPerSecond: bitrate)
      case .file: QuietBus(name: name)
      }
    let path: String? = if case .file(let path) = link { path } else { traffic?.path }
    guard let path else { return bus }
    let part = name
    do throws(SystemError) {
      let frames = try CandumpLog(path: path) { log.write(.error, part, $0) }
      return LoggedFrameLink(bus, log: frames)
    } catch {
      log.write(.error, part, "\(path): frames are not logged: \(error)")
      return bus
    }
  }
}
