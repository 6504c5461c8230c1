// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension BatterySettings {
  /// A wire with its recording where one is wanted.
  func recorded(_ link: any ByteLink, log: Log) -> LoggedByteLink {
    LoggedByteLink(link, log: traffic.flatMap { makeTrafficLog($0, link: link.name, log: log) })
  }

  /// A recording of the bytes on a wire; `nil`, said in the log, where the system has no thread
  /// for it.
  func makeTrafficLog(_ traffic: TrafficSettings, link: String, log: Log) -> TrafficLog? {
    let part = name
    do throws(SystemError) {
      return try TrafficLog(
        path: traffic.path, link: link, dialect: dialect, rotation: traffic.rotation
      ) { news in
        log.write(news.isFault ? .error : .info, part, "the recording \(news)")
      }
    } catch {
      log.write(.error, part, "\(traffic.path): bytes are not recorded: \(error)")
      return nil
    }
  }
}
