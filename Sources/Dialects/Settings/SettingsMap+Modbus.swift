// SPDX-License-Identifier: Apache-2.0

import Wire

extension SettingsMap {
  /// The same map for a link that carries the functions of Modbus alone; `nil` where the device's
  /// settings cannot be read and written by those.
  ///
  /// Questions that have no such form are left out where they may be, and with them what the device
  /// tells of its own limits.
  public var overModbus: SettingsMap? {
    guard let modbusWrites, let language = language.overModbus else { return nil }
    var other = self
    other.language = language
    other.writes = modbusWrites
    other.questions = []
    for question in questions {
      if ModbusTCP.isRequest(question.request.bytes.span) {
        other.questions.append(question)
      } else if let instead = question.instead, ModbusTCP.isRequest(instead.bytes.span) {
        other.questions.append(SettingsQuestion(question.part, instead))
      } else if !question.isOptional {
        return nil
      }
    }
    return other
  }
}
