// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The manifest says what the house is; these hold it to that.
@Suite struct ManifestTests {
  @Test func readsATargetOfEachKind() {
    let manifest = Manifest(
      """
      let package = Package(
        targets: [
          .target(name: "A", swiftSettings: pure),  // .target(name: "Commented")
          .systemLibrary(name: "C", pkgConfig: "c", providers: [.apt(["libc-dev"])]),
          .executableTarget(
            name: "b", dependencies: ["A", "C"], path: "Elsewhere/b", swiftSettings: house),
          .testTarget(name: "ATests", dependencies: ["A"], resources: [.copy("Fixtures")]),
        ])
      """)
    #expect(manifest.targets.map(\.name) == ["A", "C", "b", "ATests"])
    #expect(manifest.targets.map(\.isPure) == [true, false, false, false])
    #expect(manifest.targets.map(\.dependencies) == [[], [], ["A", "C"], ["A"]])
    #expect(
      manifest.targets.map(\.folder) == ["Sources/A", "Sources/C", "Elsewhere/b", "Tests/ATests"])
  }

  @Test func everyFolderOfCodeIsATarget() throws {
    let folders =
      try Repository.names(in: "Sources").map { "Sources/\($0)" }
      + Repository.names(in: "Benchmarks").map { "Benchmarks/\($0)" }
      + Repository.names(in: "Tests").filter { $0 != "Peers" && $0 != "Fuzz" }.map { "Tests/\($0)" }
    let declared = try Manifest.read().targets.map(\.folder)
    #expect(Set(folders).symmetricDifference(declared).sorted() == [])
  }

  @Test func everyFeatureIsAskedForByName() throws {
    let manifest = try Manifest.read()
    let asked = try Repository.text("Tests/HouseTests/Features.swift")
      .matches(of: /#if !hasFeature\((\w+)\)/).map { String($0.1) }
    #expect(!manifest.features.isEmpty)
    for feature in manifest.features { #expect(asked.contains(feature)) }
  }

  @Test func dependenciesRunOneWay() throws {
    var above: Set<String> = []
    for target in try Manifest.read().targets {
      for dependency in target.dependencies {
        #expect(above.contains(dependency), "\(target.name) uses \(dependency), further down")
      }
      above.insert(target.name)
    }
  }

  @Test func pureTargetsRestOnPureOnes() throws {
    let targets = try Manifest.read().targets
    let pure = Set(targets.filter(\.isPure).map(\.name))
    #expect(
      pure.isSuperset(of: [
        "Battery", "Charging", "Dialects", "Inverters", "Quantities", "Simulation", "Wire",
      ]))
    for target in targets where target.isPure {
      #expect(pure.isSuperset(of: target.dependencies), "\(target.name)")
    }
  }

  @Test func whatShipsUsesNothingOfTheTests() throws {
    let targets = try Manifest.read().targets
    let tests = Set(targets.filter(\.isTest).map(\.name))
    for target in targets where !target.isTest {
      #expect(tests.isDisjoint(with: target.dependencies), "\(target.name)")
    }
  }
}
