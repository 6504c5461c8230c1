// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension InverterSettings {
  /// The bus that these settings name, not open yet, with its log where one is wanted.
  func makeLink(log: Log) -> LoggedFrameLink {
    let bus: any FrameLink =
      switch link {
      case .socketCAN(let interface): SocketCANLink(interface: interface)
      case .slcan(let serial, let bitrate):
        SLCANLink(over: SerialLink(path: serial.path, baud: serial.baud), bitsPerSecond: bitrate)
      case .file: QuietBus(name: name)
      }
    if case .file(let path) = link {
      // The file stands in the place of the bus: it is never put aside.
      var whole = TrafficSettings(path: path)
      whole.rotation = .none
      return LoggedFrameLink(bus, log: Self.makeTrafficLog(whole, part: name, log: log))
    }
    return LoggedFrameLink(
      bus, log: traffic.flatMap { Self.makeTrafficLog($0, part: name, log: log) })
  }

  /// A log of frames; `nil`, said in the log, where the system has no thread for it.
  static func makeTrafficLog(_ traffic: TrafficSettings, part: String, log: Log) -> CandumpLog? {
    do throws(SystemError) {
      return try CandumpLog(path: traffic.path, rotation: traffic.rotation) { news in
        log.write(news.isFault ? .error : .info, part, "the CAN log \(news)")
      }
    } catch {
      log.write(.error, part, "\(traffic.path): frames are not logged: \(error)")
      return nil
    }
  }
}
