// SPDX-License-Identifier: Apache-2.0

extension Event.Kind {
  /// One plain sentence on what happened.
  package var meaning: StaticString {
    switch self {
    case .alarmRaised: "A protection began."
    case .alarmCleared: "A protection ended."
    case .warningRaised: "A warning began."
    case .warningCleared: "A warning ended."
    case .mode: "The charge control changed its mode."
    case .freshness: "The readings changed their stage."
    case .batteryChanged: "The battery has another serial number or another number of cells."
    case .started: "The gateway began to store."
    case .stopped: "The gateway ended on purpose; without it, it was killed or lost its power."
    case .clockSet: "Somebody set the wall clock."
    case .dropped: "Records could not be stored."
    case .setAside: "A damaged history was set aside."
    case .damaged: "Stored bytes could not be read any more."
    }
  }
}
