// SPDX-License-Identifier: Apache-2.0
import Machine
import TestKit
import Testing

@Suite struct TestKitTests {
  @Test func seedRepeats() {
    var first = SplitMix64(seed: 1_234_567)
    // The published first values of this seed (Vigna's splitmix64.c; also Rosetta Code).
    #expect(
      (0..<3).map { _ in first.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func piecesJoinToTheWhole() {
    var random = SplitMix64(seed: 7)
    let bytes = random.bytes(1_000)
    let pieces = random.pieces(of: bytes, most: 9)
    #expect(pieces.flatMap { $0 } == bytes)
    #expect(pieces.allSatisfy { (1...9).contains($0.count) })
  }

  @Test func rootHoldsTheManifest() throws {
    #expect(try Repository.text(Repository.path("Package.swift")).contains("let package"))
  }

  @Test func fixtureLinesKnowTheirPlace() throws {
    let scratch = try Scratch()
    let lines = try FixtureLine.load(scratch.write("one\n\n  \ntwo", to: "a.jsonl"))
    #expect(lines.map(\.text) == ["one", "two"])
    #expect(lines.map(\.description) == ["a.jsonl:1", "a.jsonl:4"])
  }

  @Test func scratchGoesAway() throws {
    var scratch: Scratch? = try Scratch()
    let path = try #require(scratch?.path)
    try scratch?.write("x", to: "file")
    scratch = nil
    #expect(throws: SystemError.self) { _ = try Repository.bytes("\(path)/file") }
  }
}
