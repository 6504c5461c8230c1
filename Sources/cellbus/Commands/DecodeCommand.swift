// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Inverters
import Text
import Wire

/// `cellbus decode`: explains recorded exchanges, a JSON line each.
enum DecodeCommand {
  static let command = Command(
    "decode", "explain recorded exchanges, one JSON line each",
    discussion: """
      Reads lines of JSON, each with an exchange: {"id": …, "protocol": …, "request_hex": "dda5…" or null, \
      "response_hex": ["chunk", …]}. CAN lines hold ID#DATA instead of plain bytes, or bare payloads beside \
      their "can_id" (and "can_request_id"), in hexadecimal digits. Lines with a request go on from what the \
      lines before have taught, as in a conversation.

      Prints for each {"id": …, "dialect": …, "reading": {…}}, with "registers" and "exchange" where there \
      are any, or with "error": {"kind": …, "message": …}.
      """,
    arguments: [Argument("FILE", "the lines; - is standard input", default: "-")],
    options: [
      Option(
        "dialect", "NAME", "the language; auto takes each line's own \"protocol\"",
        .choice(["auto"] + names),
        default: "auto"),
      MapFile.option,
    ] + BatterySpeech.options,
    examples: [
      Command.Example("cellbus decode --dialect auto captures.jsonl", "explain a file of captures")
    ],
    exitCodes: [.ok, .usage, .badData, .noInput],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  /// Everything that can be decoded by name: batteries, and the languages of inverters.
  private static var names: [String] {
    Dialect.all.map { "\($0.name)" } + InverterDialect.all.map { "\($0.name)" }
  }

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let dialect = try parsed.text("dialect")
    let own = try MapFile.dialects(parsed)
    let language = try language(dialect, parsed)
    var isClean = true
    var conversations: [String: Facts] = [:]
    try Console.lines(of: try parsed.text("FILE")) { line throws(CommandFailure) in
      guard line.contains(where: { $0 > 0x20 }) else { return }
      var writer = JSONWriter()
      if !explain(line, dialect, own, language, &conversations, &writer) { isClean = false }
      writer.newline()
      Console.print(writer.bytes)
    }
    return isClean ? .ok : .badData
  }

  /// The language that was asked for with what the command line tells of the battery; `nil` where each
  /// line names its own, or it is an inverter's.
  private static func language(_ name: String, _ parsed: Parsed) throws(CommandFailure) -> Dialect?
  {
    if Dialect.named(name) != nil { return try BatterySpeech.dialect(name, parsed) }
    guard parsed.number(ifPresent: "address") == nil, !parsed.flag("inverts-current"),
      parsed.text(ifPresent: "module") == nil
    else {
      throw CommandFailure(
        "--address, --inverts-current and --module tell of one battery: give its --dialect, too",
        .usage)
    }
    return nil
  }

  /// Writes what a line means; `false` when the line itself is no exchange.
  private static func explain(
    _ line: [UInt8], _ wanted: String, _ own: [Dialect], _ language: Dialect?,
    _ conversations: inout [String: Facts],
    _ writer: inout JSONWriter
  ) -> Bool {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSON5Reader.read(line, as: .json)
    } catch {
      refuse(nil, .badLine, "\(error)", &writer)
      return false
    }
    let id = value["id"]
    // A line that names no language is of the only one that its owner has.
    let unnamed = own.count == 1 ? own[0].name : ""
    let name = wanted == "auto" ? value["protocol"]?.string ?? unnamed : wanted
    var chunks: [String] = []
    for chunk in value["response_hex"]?.array ?? [] {
      guard let text = chunk.string else {
        refuse(id, .badLine, "\(chunk.fault(expected: "a text of hexadecimal digits"))", &writer)
        return false
      }
      chunks.append(text)
    }
    if let whole = value["response_hex"]?.string { chunks = [whole] }
    if let dialect = InverterDialect.named(name) {
      return explainFrames(chunks, id, dialect, &writer)
    }
    guard
      let dialect = language ?? own.first(where: { $0.name == name }) ?? Dialect.named(name)
    else {
      let hint =
        EditDistance.nearest(name, in: names + own.map(\.name)).map { "; did you mean \"\($0)\"?" }
        ?? ""
      refuse(id, .unknownDialect, "no dialect \"\(name)\" is known\(hint)", &writer)
      return true
    }
    var request: [UInt8]?
    if let text = value["request_hex"]?.string {
      guard let bytes = bytes(text) else {
        refuse(id, .badLine, "request_hex is not hexadecimal", &writer)
        return false
      }
      request = bytes
    }
    var response: [[UInt8]] = []
    for chunk in chunks {
      guard let bytes = bytes(chunk) else {
        refuse(id, .badLine, "response_hex is not hexadecimal", &writer)
        return false
      }
      response.append(bytes)
    }
    if let bus = identifier(value["can_id"] ?? value["expected"]?["can_id"]) {
      response = response.map { CANRecord.bytes(CANFrame(id: bus.id, isExtended: bus.isLong, $0)) }
      if let asked = identifier(value["can_request_id"]) {
        let payload = request ?? .init(repeating: 0, count: 8)
        request = CANRecord.bytes(CANFrame(id: asked.id, isExtended: asked.isLong, payload))
      }
    }
    var facts = request == nil ? Facts() : conversations[name] ?? Facts()
    write(dialect.explanation(request, response, &facts), id, "\(dialect.name)", &writer)
    if request != nil { conversations[name] = facts }
    return true
  }

  /// A CAN identifier in hexadecimal digits: a long one has more than three of them.
  private static func identifier(_ value: JSONValue?) -> (id: UInt32, isLong: Bool)? {
    guard let text = value?.string, let id = UInt32(text, radix: 16) else { return nil }
    return (id, text.utf8.count > 4)
  }

  /// The bytes of a text of hexadecimal digits.
  ///
  /// A frame of a battery's own CAN, `ID#DATA`, is handed on
  /// as it stands: the dialect reads it.
  private static func bytes(_ text: String) -> [UInt8]? {
    text.utf8.contains(UInt8(ascii: "#")) ? Array(text.utf8) : Hex.bytes(text.utf8)
  }

  private static func explainFrames(
    _ texts: [String], _ id: JSONValue?, _ dialect: InverterDialect, _ writer: inout JSONWriter
  ) -> Bool {
    var frames: [CANFrame] = []
    for text in texts {
      guard let frame = CANFrame(text: text.utf8) else {
        refuse(id, .badLine, "\"\(text)\" is no CAN frame in the form ID#DATA", &writer)
        return false
      }
      frames.append(frame)
    }
    write(dialect.explain(frames), id, "\(dialect.name)", &writer)
    return true
  }

  private static func write(
    _ exchange: Exchange, _ id: JSONValue?, _ dialect: String, _ writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.key("id")
      writer.value(id)
      writer.field("dialect", dialect)
      writer.fields(of: exchange)
    }
  }

  private static func refuse(
    _ id: JSONValue?, _ kind: LineError, _ message: String, _ writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.key("id")
      writer.value(id)
      writer.object("error") { writer in
        writer.field("kind", kind.rawValue)
        writer.field("message", message)
      }
    }
  }
}
