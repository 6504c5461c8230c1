// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("No bytes can trap the reader")
struct JSONFuzzTests {
  private static let seeds: [String] = [
    #"{"voltage_v":53.12,"cells":[3.3475,null,-1e-3],"name":"A \"b\" \u00e9 \ud83d\ude00"}"#,
    "{ // c\n a: 'x\\\ny', b: [ +1, .5, 5., 0x1F, ], /* d */ $e: \"\\x41\", f: {}, }",
    "[[[[[[1]]]]], true, false, null, \"\", {}, []]", "\u{FEFF}\u{A0}{é: 1}", "-0.0e+00",
    "{a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:8,i:9,j:10,k:11,l:12,m:13,n:14}",
  ]

  @Test("100,000 mutated texts", arguments: 1...10 as ClosedRange<UInt64>)
  func mutated(seed: UInt64) throws {
    var random = Seeded(seed)
    let corpus = Self.seeds.map { Array($0.utf8) }
    var accepted = 0
    for round in 0..<10_000 {
      var bytes = corpus.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1 where index < bytes.count:
          bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: index)
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + 3))
        default:
          let other = corpus.randomElement(using: &random) ?? []
          let cut = Int.random(in: 0...other.count, using: &random)
          bytes.replaceSubrange(index..., with: other[cut...])
        }
      }
      let grammar: JSON5Reader.Grammar = round % 4 == 0 ? .json : .json5
      do {
        let value = try JSON5Reader.read(bytes, as: grammar, maxDepth: 8)
        accepted += 1
        // What is accepted can be written as strict JSON and means the same; asking it cannot trap.
        let strict = value.text()
        let again = try JSON5Reader.read(strict, as: .json)
        #expect(again.text() == strict, "seed \(seed), round \(round)")
        _ = value.noun
        _ = value["a"]?.int64
        _ = value.decimal(places: 6)
      } catch {
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
        #expect((1...lines.count).contains(error.line), "seed \(seed), round \(round)")
        #expect((1...bytes.count + 1).contains(error.column), "seed \(seed), round \(round)")
      }
    }
    // Otherwise nothing but refusals would have been tested.
    #expect(accepted > 200, "seed \(seed)")
  }

  @Test("every beginning of a text")
  func prefixes() {
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for count in 0..<bytes.count {
        for grammar in [JSON5Reader.Grammar.json, .json5] {
          _ = try? JSON5Reader.read(Array(bytes[..<count]), as: grammar)
        }
      }
    }
  }
}
