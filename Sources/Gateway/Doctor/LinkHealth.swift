// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Text
import Wire

/// How the link of one battery does, as its JSON tells it: of a running gateway or of a direct talk.
package struct LinkHealth: Sendable {
  /// One thing that was not believed.
  package struct Rejected: Sendable {
    /// Why.
    package var kind: Objection.Kind
    /// What is wrong, in words.
    package var why: String
    /// How long ago, in milliseconds.
    package var age: Int64
    /// What was asked.
    package var request: [UInt8]
    /// What came.
    package var reply: [UInt8]
    /// The last good answer to the same question; empty where there is none.
    package var good: [UInt8]
  }

  /// The battery's name in the settings, or of its port.
  package var battery: String
  /// The language.
  package var dialect: String
  /// The link's name.
  package var name: String
  /// Why it is down; `nil` while it is up.
  package var fault: String?
  /// Bits a second of the line; `nil` where that is not known.
  package var baud: Int?
  /// The newest that was not believed, the oldest of it first.
  package var newest: [Rejected]
  /// How many answers took less than so many milliseconds; `nil` is the class without an end.
  package var classes: [(below: Int64?, answers: Int64)]
  private let link: JSONValue?

  /// The health of the battery's link in a status line.
  package init(_ battery: JSONValue, baud: Int? = nil) {
    link = battery["link"]
    self.baud = baud
    self.battery = battery["name"]?.string ?? "battery"
    dialect = battery["dialect"]?.string ?? ""
    name = link?["name"]?.string ?? "link"
    fault = link?["up"]?.bool == false ? link?["fault"]?.string ?? "\(name) is down" : nil
    newest = (link?["rejected_newest"]?.array ?? []).compactMap(Rejected.init)
    classes = (link?["latency"]?["classes"]?.array ?? []).map {
      ($0["below_ms"]?.int64, $0["answers"]?.int64 ?? 0)
    }
  }

  /// A number of the link; 0 where it is not told.
  package subscript(key: String) -> Int64 { link?[key]?.int64 ?? 0 }

  /// How much was rejected of a kind.
  package subscript(kind: Objection.Kind) -> Int64 {
    link?["rejected"]?["\(kind.name)"]?.int64 ?? 0
  }

  /// Sendings that should have had an answer.
  package var asked: Int64 { max(0, self["requests"] - self["declined"]) }

  /// Sendings to which no byte came, though an answer is usual.
  package var silences: Int64 {
    max(0, self["timeouts"] - self["incomplete"] - self["babble"] - self["declined"])
  }

  /// Of a thousand questions, how many had a good answer; `nil` before any was asked.
  package var goodPermille: Int64? {
    // The last question may still be under way.
    let done = max(self["replies"], asked - 1)
    return done > 0 ? min(1000, self["replies"] * 1000 / done) : nil
  }

  /// The mean time of an answer in milliseconds.
  package var mean: Int64? { link?["latency"]?["mean_ms"]?.decimal(places: 0) }
}

extension LinkHealth.Rejected {
  fileprivate init?(_ value: JSONValue) {
    let name = value["kind"]?.string
    guard let kind = Objection.Kind.allCases.first(where: { "\($0.name)" == name }) else {
      return nil
    }
    func bytes(_ key: String) -> [UInt8] {
      (value[key]?.string).flatMap { Hex.bytes($0.utf8) } ?? []
    }
    self.init(
      kind: kind, why: value["why"]?.string ?? "", age: value["ms_ago"]?.int64 ?? 0,
      request: bytes("request"), reply: bytes("reply"), good: bytes("good"))
  }
}
