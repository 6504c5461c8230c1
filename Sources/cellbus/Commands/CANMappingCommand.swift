// SPDX-License-Identifier: Apache-2.0

import Gateway
import Inverters
import Text

/// `cellbus can mapping`: which value of a battery goes into which field of which frame.
enum CANMappingCommand {
  static let command = Command(
    "mapping", "print which value goes into which field of a frame",
    discussion: """
      For each field of each frame that Cellbus sends: its bytes, how it is written, the step in which it \
      counts, what becomes of what is finer, and where it comes from.

      With --config it prints the mapping that an inverter of these settings has, and what of it the \
      settings changed.
      """,
    options: [
      CANCommand.profile, Option("config", short: "c", "FILE", "the settings of the inverter"),
      Option("inverter", "NAME", "the inverter, where the settings have several"),
      Option(flag: "json", "print JSON"),
    ],
    examples: [
      Command.Example("cellbus can mapping", "what a Victron GX is told"),
      Command.Example("cellbus can mapping --profile sma", "what a Sunny Island is told"),
      Command.Example(
        "cellbus can mapping --config cellbus.json5 --inverter gx",
        "what one inverter of the settings is told"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput],
    run: { parsed throws(CommandFailure) in
      let inverter = try inverter(parsed)
      var profile = try CANCommand.profile(parsed)
      if let inverter {
        profile = (InverterProfile.named(inverter.profile) ?? profile).applying(inverter.mapping)
      }
      let isJSON = parsed.flag("json")
      Console.print(
        isJSON ? json(profile, of: inverter) : text(profile), terminator: isJSON ? "\n" : "")
      return .ok
    })

  /// The inverter of the settings that is asked for; `nil` where no settings are named.
  private static func inverter(_ parsed: Parsed) throws(CommandFailure) -> InverterSettings? {
    guard let path = parsed.text(ifPresent: "config") else {
      guard !parsed.isGiven("inverter") else {
        throw CommandFailure("--inverter is a name in settings: give them with --config", .usage)
      }
      return nil
    }
    guard !parsed.isGiven("profile") else {
      throw CommandFailure("give --profile or --config: settings name the profile", .usage)
    }
    let (settings, problems) = SettingsFile.read(try Console.read(path))
    for problem in problems { Console.complain("\(path): \(problem)") }
    guard !problems.contains(where: { $0.severity == .error }) else {
      throw CommandFailure("\(path) has mistakes; cellbus check \(path) explains them", .badData)
    }
    let names = settings.inverters.map(\.name)
    guard let name = parsed.text(ifPresent: "inverter") else {
      if names.count == 1 { return settings.inverters[0] }
      let choice = names.isEmpty ? "none" : names.joined(separator: ", ")
      throw CommandFailure("name one of the inverters with --inverter: \(choice)", .usage)
    }
    guard let inverter = settings.inverters.first(where: { $0.name == name }) else {
      let hint = EditDistance.nearest(name, in: names).map { "; did you mean \($0)?" } ?? ""
      throw CommandFailure("\(path) has no inverter \(name)\(hint)", .failed)
    }
    return inverter
  }

  /// The mapping as a table; what the settings changed stands in the last column.
  static func text(_ profile: InverterProfile) -> String {
    let isChanged = profile.frames.contains { $0.isChanged }
    var table = Table(
      ["id", "bytes", "field", "type", "step", "rounding", "source"]
        + (isChanged ? ["changed by the settings"] : []))
    for frame in profile.frames {
      for row in frame.fields {
        table.add([
          frame.hex, row.bytes, "\(row.name)", "\(row.form.name)", row.step ?? "",
          row.divisor > 0 ? "\(row.rounding.name)" : "", row.source.words, frame.change(of: row),
        ])
      }
    }
    return table.text(Console.style)
  }

  /// The mapping as JSON.
  static func json(_ profile: InverterProfile, of inverter: InverterSettings? = nil) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("profile", profile.name)
      writer.field("inverter", inverter?.name)
      writer.array("frames") { writer in
        for frame in profile.frames where frame.until != nil {
          writer.object { $0.fields(of: frame, cycle: inverter?.period) }
        }
      }
    }
    return writer.text
  }
}

extension FrameRow {
  /// What the settings changed of a field or of the frame around it, in words; empty for nothing.
  fileprivate func change(of row: FieldRow) -> String {
    if isOmitted || reach == 0 { return "the frame is not sent" }
    var words: [String] = []
    if row.isOmitted {
      words.append("not told")
    } else if row.offset >= reach {
      words.append("not told, since the frame ends before it")
    }
    if row.chosen != nil { words.append("was \(row.original.words)") }
    if row.scale != FieldRow.unit { words.append("times \(row.factor)") }
    if let pace { words.append("every \(pace) ms") }
    return words.joined(separator: ", ")
  }
}
