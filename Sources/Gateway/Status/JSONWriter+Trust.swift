// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Quantities
package import Text
import Wire

// What was not believed, and who a battery is, as every answer in JSON has it.

extension JSONWriter {
  /// Writes how much was not believed, by kind.
  package mutating func fields(of rejections: Rejections) {
    object("rejected") { writer in
      writer.field("total", rejections.total)
      for kind in Objection.Kind.allCases where rejections[kind] > 0 {
        writer.field("\(kind.name)", rejections[kind])
      }
    }
  }

  /// Writes the newest of it with its bytes, the oldest of them first.
  package mutating func newest(of rejections: Rejections, at now: Tick) {
    array("rejected_newest") { writer in
      for rejection in rejections.newest {
        writer.object { writer in
          writer.field("kind", rejection.objection.kind.name)
          writer.field("why", rejection.objection.what)
          writer.field("ms_ago", max(0, now - rejection.at))
          writer.field("request", Hex.string(rejection.request.span))
          writer.field("reply", Hex.string(rejection.reply.span))
          if !rejection.good.isEmpty { writer.field("good", Hex.string(rejection.good.span)) }
        }
      }
    }
  }
}

extension GatewayView.BatteryView {
  /// Writes who the battery is by its own word; never by the name of its port.
  func identityFields(_ writer: inout JSONWriter) {
    writer.object("identity") { writer in
      if let serial = recognition.serial { writer.field("serial", serial.string) }
      if let cells = recognition.cells { writer.field("cells", cells) }
      if let doubt = recognition.doubt { writer.field("doubted_for_ms", doubt) }
      if let twin { writer.field("same_unit_as", twin) }
    }
  }
}
