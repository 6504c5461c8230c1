// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Simulation
import Text

extension BankBench {
  /// Which battery is where, for people.
  var places: String {
    var table = Table(["battery", "dialect", "address", "where"])
    for member in members {
      table.add([
        member.file.name, "\(member.file.face.name)",
        member.file.options.address.map { String($0) } ?? "", lines[member.line].title,
      ])
    }
    return table.text(Console.style)
  }

  /// Which battery is where, as one JSON object.
  var placesJSON: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("batteries") { writer in
        for member in members {
          writer.object { writer in
            writer.field("name", member.file.name)
            writer.field("dialect", member.file.face.name)
            writer.field("address", member.file.options.address)
            writer.field("where", lines[member.line].title)
          }
        }
      }
    }
    return writer.text
  }

  /// What is true, a line for each battery.
  var view: String {
    members.map { "\($0.file.name): \($0.battery.rig.view.line)" }.joined(separator: "\n")
  }

  /// What is true, as one JSON object with a key for each battery.
  var viewJSON: String {
    let parts = members.map { member in
      JSONValue.string(member.file.name).text() + ":" + member.battery.rig.view.json
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// Settings of a gateway that reads these batteries.
  ///
  /// Batteries that are reached by a socket for Bluetooth are left out: a gateway has its own radio.
  var settings: String {
    var writer = JSONWriter(.pretty)
    writer.object { writer in
      writer.array("batteries") { writer in
        for member in members {
          guard let link = link(member) else { continue }
          writer.object { writer in
            writer.field("name", member.file.name)
            writer.field("dialect", member.file.face.name)
            if let address = member.file.options.address { writer.field("address", address) }
            if member.file.options.invertsCurrent { writer.field("inverts_current", true) }
            writer.object("link") { writer in link(&writer) }
          }
        }
      }
    }
    return writer.text + "\n"
  }

  private func link(_ member: Member) -> ((inout JSONWriter) -> Void)? {
    let title = lines[member.line].title
    switch member.file.place {
    case .pty:
      return { $0.field(member.file.face.isOnCAN ? "slcan" : "serial", title) }
    case .tcp: return { $0.field("tcp", title) }
    case .can: return { $0.field("can", title) }
    case .bytes: return nil
    }
  }
}
