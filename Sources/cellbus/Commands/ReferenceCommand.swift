// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Machine
import Text

/// `cellbus reference`: everything that has a name, for people, documents and programs.
enum ReferenceCommand {
  static let command = Command(
    "reference", "print points, alarms, registers, frames, settings, commands",
    discussion: """
      Made from the code itself, so that it is as the program is. The JSON has a stable shape: "version" \
      rises when a key changes its meaning or goes; new keys may come at any time.
      """,
    arguments: [
      Argument(
        "SECTION", "a part of it", .choice(Reference.Section.allCases.map(\.rawValue)),
        isOptional: true),
      Argument("NAME", "one language of registers or frames", isOptional: true),
    ],
    options: [
      Option(flag: "json", "print JSON"),
      Option(flag: "markdown", "print Markdown, as docs/reference has it"),
      Option("into", "FOLDER", "write every page of docs/reference into a folder"),
    ],
    examples: [
      Command.Example("cellbus reference points", "every value that batteries share"),
      Command.Example("cellbus reference frames victron", "every frame for a Victron GX"),
      Command.Example("cellbus reference --json", "everything, for a program"),
    ],
    exitCodes: [.ok, .usage, .cannotCreate],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let section = parsed.text(ifPresent: "SECTION").flatMap(Reference.Section.init)
    let name = parsed.text(ifPresent: "NAME")
    let isJSON = parsed.flag("json")
    let isMarkdown = parsed.flag("markdown")
    guard [isJSON, isMarkdown, parsed.isGiven("into")].count(where: { $0 }) < 2 else {
      throw CommandFailure("give one of --json, --markdown and --into", .usage)
    }
    if let folder = parsed.text(ifPresent: "into") {
      guard section == nil else {
        throw CommandFailure(
          "--into writes all pages: leave \(section?.rawValue ?? "") out", .usage)
      }
      return try write(into: folder)
    }
    let sections = section.map { [$0] } ?? Reference.Section.allCases
    if let section, let name, !section.names.contains(name) {
      let known =
        section.names.isEmpty
        ? "\(section.rawValue) has no parts" : "one of \(section.names.joined(separator: ", "))"
      throw CommandFailure("\(section.rawValue) \(name) is not known: \(known)", .usage)
    }
    if isJSON {
      Console.print(Reference.json(sections, of: name))
      return .ok
    }
    let pages = sections.flatMap(Reference.pages).filter { name == nil || $0.name == name }
    for (place, page) in pages.enumerated() {
      if place > 0 { Console.print("") }
      Console.print(isMarkdown ? page.markdown : page.text(Console.style), terminator: "")
    }
    return .ok
  }

  private static func write(into folder: String) throws(CommandFailure) -> ExitCode {
    for page in Reference.documents {
      let path = "\(folder)/\(page.file)"
      do throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try file.writeAll(Array(page.markdown.utf8).span)
      } catch {
        throw CommandFailure("\(path): \(error)", .cannotCreate)
      }
      Console.print(path)
    }
    return .ok
  }
}
