// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text

/// A talk of some seconds with a battery, without a gateway; it only reads.
enum DoctorTalk {
  /// What a gateway would say of that battery, and the speed of its line.
  static func view(_ parsed: Parsed) throws(CommandFailure) -> (JSONValue, Int?) {
    let dialect = try BatterySpeech.dialect(parsed)
    let settings = try BatteryLine.settings(parsed, of: dialect)
    guard let language = settings.isModbusOnly ? dialect.overModbus : dialect else {
      throw CommandFailure("a \(dialect.title) cannot be read over Modbus TCP", .usage)
    }
    let link = try BatteryLine.open(settings, for: dialect)
    defer { link.close() }
    var talk = Talk(language, link, delay: settings.delay)
    let end = MonotonicClock.now() + (try parsed.number("for"))
    let signals = try Console.endings()
    do throws(LinkError) {
      while signals.next() == nil, MonotonicClock.now() < end {
        _ = try talk.turn(until: min(end, MonotonicClock.now() + 100))
      }
    } catch {
      throw CommandFailure("\(error)", .unavailable)
    }
    let baud = parsed.number(ifPresent: "baud").map(Int.init) ?? dialect.serialBaud
    return (try described(talk, link, dialect), baud)
  }

  private static func described(
    _ talk: Talk, _ link: any ByteLink, _ dialect: Dialect
  ) throws(CommandFailure) -> JSONValue {
    let now = MonotonicClock.now()
    var writer = JSONWriter()
    writer.object { writer in
      writer.array("batteries") { writer in
        writer.object { writer in
          writer.field("name", link.name)
          writer.field("dialect", dialect.name)
          writer.object("link") { writer in
            writer.field("name", link.name)
            writer.field("up", true)
            writer.fields(of: link.counters)
            writer.fields(of: talk.statistics)
            writer.fields(of: talk.rejections)
            writer.newest(of: talk.rejections, at: now)
          }
        }
      }
    }
    guard let view = try? JSON5Reader.read(Array(writer.text.utf8), as: .json) else {
      throw CommandFailure("the account of the talk cannot be read", .internalFault)
    }
    return view
  }
}
