// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Text

@Suite("Foundation reads the same")
struct JSONPeerTests {
  /// Any document as Foundation's decoder sees it.
  private enum Peer: Decodable, Equatable {
    case null, bool(Bool), whole(Int64), real(Double), string(String), array([Peer])
    case object([String: Peer])

    init(from decoder: any Decoder) throws {
      let box = try decoder.singleValueContainer()
      if box.decodeNil() {
        self = .null
      } else if let value = try? box.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? box.decode(Int64.self) {
        self = .whole(value)
      } else if let value = try? box.decode(Double.self) {
        self = .real(value)
      } else if let value = try? box.decode(String.self) {
        self = .string(value)
      } else if let value = try? box.decode([Peer].self) {
        self = .array(value)
      } else {
        self = .object(try box.decode([String: Peer].self))
      }
    }

    init(_ value: JSONValue) throws {
      switch value.content {
      case .null: self = .null
      case .bool(let flag): self = .bool(flag)
      case .number(let number):
        if let whole = number.int64 {
          self = .whole(whole)
        } else {
          self = .real(try #require(Double(number.text)))
        }
      case .string(let text): self = .string(text)
      case .array(let values): self = .array(try values.map(Peer.init))
      case .object(let members):
        self = .object(
          Dictionary(
            try members.map { ($0.key, try Peer($0.value)) }, uniquingKeysWith: { $1 }))
      }
    }
  }

  private static func hasHugeNumber(_ value: JSONValue) -> Bool {
    switch value.content {
    case .number(let number): Double(number.text)?.isInfinite ?? true
    case .array(let values): values.contains(where: hasHugeNumber)
    case .object(let members): members.contains { hasHugeNumber($0.value) }
    default: false
    }
  }

  @Test("what we write, Foundation decodes alike", arguments: 100...119 as ClosedRange<UInt64>)
  func decodes(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<25 {
      let tree = random.tree()
      let text = tree.text(Bool.random(using: &random) ? .compact : .pretty)
      let peer = try JSONDecoder().decode(Peer.self, from: Data(text.utf8))
      #expect(peer == (try Peer(tree)), "seed \(seed): \(text)")
    }
  }

  @Test("what Foundation writes, we read alike", arguments: 200...209 as ClosedRange<UInt64>)
  func reads(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<25 {
      let tree = random.tree()
      let object = try JSONSerialization.jsonObject(
        with: Data(tree.text().utf8), options: .fragmentsAllowed)
      let data = try JSONSerialization.data(
        withJSONObject: object, options: [.fragmentsAllowed, .prettyPrinted])
      let again = try JSON5Reader.read(Array(data), as: .json)
      #expect(try Peer(again) == Peer(tree), "seed \(seed): \(tree.text())")
    }
  }

  @Test("what is refused, Foundation refuses too", arguments: 300...309 as ClosedRange<UInt64>)
  func agreesOnFaults(seed: UInt64) throws {
    var random = Seeded(seed)
    let alphabet = Array(#"{}[],:"\u0019.-+eE ntf/'a"#.utf8)
    for _ in 0..<400 {
      var bytes = Array(random.tree(depth: 2).text().utf8)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0
        case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
        default: bytes.remove(at: index)
        }
        if bytes.isEmpty { break }
      }
      let ours = Result { try JSON5Reader.read(bytes, as: .json) }
      let theirs = Result { try JSONDecoder().decode(Peer.self, from: Data(bytes)) }
      let note: Comment = "seed \(seed): \(String(decoding: bytes, as: UTF8.self))"
      switch (ours, theirs) {
      case (.success(let value), .success(let peer)): #expect(peer == (try Peer(value)), note)
      case (.failure(let error), .success):
        // Foundation takes one of equal keys, and a comma at the end of an object; RFC 8259 leaves
        // the first open and has no such comma.
        let message = (error as? JSONError)?.message ?? ""
        #expect(message.contains("again") || message.hasPrefix("found '}' where a key"), note)
      case (.success(let value), .failure):
        // Foundation has no number beyond the range of Double.
        #expect(Self.hasHugeNumber(value), note)
      case (.failure, .failure): break
      }
    }
  }

  @Test("JSON5 as Foundation reads it")
  func json5() throws {
    // Without a line continuation, which Foundation takes for an end of line (5.2 says nothing).
    let text = """
      // settings
      { a: 'x\\'y', "b": [ +1, .5, 5., 0x1F, -0x10, 1e3, ], /* c */ $d_: "\\x41\\u00e9",
        e: { f: null, }, }
      """
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let peer = try decoder.decode(Peer.self, from: Data(text.utf8))
    let strict = try JSON5Reader.read(text).text()
    #expect(peer == (try Peer(JSON5Reader.read(strict, as: .json))))
  }
}
