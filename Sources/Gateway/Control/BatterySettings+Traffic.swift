// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension BatterySettings {
  /// Where the bytes of a door are recorded, doors counted from 0; `nil` where they are not.
  func traffic(ofDoor index: Int) -> TrafficSettings? {
    guard index > 0, var other = traffic else { return traffic }
    other.path += "-door\(index + 1)"
    return other
  }

  /// A recording of the bytes on a wire; `nil`, said in the log, where the system has no thread
  /// for it.
  func makeTrafficLog(
    _ traffic: TrafficSettings, link: String, dialect: String, log: Log
  ) -> TrafficLog? {
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
