// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The language settings of every target; each line was tried with this toolchain.
///
/// A misspelt feature name is ignored by the compiler without a word: `Tests/HouseTests/Features.swift`
/// catches that.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
  .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
  .enableUpcomingFeature("ImmutableWeakCaptures"),  // SE-0481
]

/// Pure targets run unchanged on a microcontroller and in a web page.
///
/// What Embedded Swift refuses is an error here too; `make embedded` is the judge.
let pure: [SwiftSetting] = house + [.treatWarning("EmbeddedRestrictions", as: .error)]

let package = Package(
  name: "Cellbus",
  products: [
    .library(
      name: "CellbusCore",
      targets: ["Quantities", "Wire", "Battery", "Dialects", "Inverters", "Charging", "Packs"]),
    .executable(name: "cellbus", targets: ["cellbus"]),
  ],
  targets: [
    // Pure: no Linux, no Foundation, no allocation on the hot path. Each may use only those above it.
    .target(name: "Quantities", swiftSettings: pure),
    .target(name: "Wire", swiftSettings: pure),
    .target(name: "Battery", dependencies: ["Quantities", "Wire"], swiftSettings: pure),
    .target(
      name: "Dialects", dependencies: ["Battery", "Quantities", "Wire"], swiftSettings: pure),
    .target(
      name: "Inverters", dependencies: ["Battery", "Quantities", "Wire"], swiftSettings: pure),
    .target(name: "Charging", dependencies: ["Battery", "Quantities"], swiftSettings: pure),
    .target(name: "Packs", dependencies: ["Battery", "Quantities"], swiftSettings: pure),
    .target(
      name: "Simulation", dependencies: ["Battery", "Dialects", "Inverters", "Quantities", "Wire"],
      swiftSettings: pure),

    // Linux.
    .target(name: "CLinux"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .target(name: "Text", dependencies: ["Battery", "Quantities", "Wire"], swiftSettings: house),
    .target(name: "Charts", dependencies: ["CCairo", "Quantities", "Text"], swiftSettings: house),
    .target(name: "Machine", dependencies: ["CLinux", "Quantities"], swiftSettings: house),
    .target(
      name: "Links", dependencies: ["CLinux", "Machine", "Quantities", "Wire"], swiftSettings: house
    ),
    .target(
      name: "History", dependencies: ["Battery", "CSQLite", "Machine", "Quantities"],
      swiftSettings: house),
    .target(
      name: "Gateway",
      dependencies: [
        "Battery", "Charging", "CLinux", "Dialects", "History", "Inverters", "Links", "Machine",
        "Packs", "Quantities",
        "Text", "Wire",
      ], swiftSettings: house),
    .executableTarget(
      name: "cellbus",
      dependencies: [
        "Battery", "Charging", "Charts", "CLinux", "Dialects", "Gateway", "History", "Inverters",
        "Links",
        "Machine",
        "Quantities", "Simulation", "Text", "Wire",
      ], swiftSettings: house),
    .executableTarget(
      name: "cellbus-bench",
      dependencies: [
        "Battery", "Charging", "CLinux", "CSQLite", "Dialects", "Gateway", "History", "Inverters",
        "Links",
        "Machine",
        "Quantities", "Simulation", "Text", "Wire",
      ], path: "Benchmarks/cellbus-bench", swiftSettings: house),

    // Tests. TestKit holds what more than one of them needs.
    .target(
      name: "TestKit", dependencies: ["CLinux", "Machine", "Text", "Wire"], path: "Tests/TestKit",
      swiftSettings: house),
    // Packs, surroundings and troubles at random, and the law that a charge control must keep with them.
    .target(
      name: "Trials",
      dependencies: ["Battery", "Charging", "Quantities", "Simulation"],
      path: "Tests/Trials", swiftSettings: house),
    .executableTarget(
      name: "cellbus-trials", dependencies: ["Trials"], path: "Tests/TrialsRun",
      swiftSettings: house),
    .executableTarget(
      name: "cellbus-soak",
      dependencies: [
        "Battery", "Charging", "Dialects", "Gateway", "Inverters", "Machine", "Quantities",
        "Simulation", "Wire",
      ], path: "Tests/Soak", exclude: ["soak.py"], swiftSettings: house),
    .testTarget(name: "QuantitiesTests", dependencies: ["Quantities"], swiftSettings: house),
    .testTarget(name: "WireTests", dependencies: ["Wire"], swiftSettings: house),
    .testTarget(
      name: "TextTests", dependencies: ["Battery", "Quantities", "Text", "Wire"],
      swiftSettings: house),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: house),
    .testTarget(
      name: "BatteryTests", dependencies: ["Battery", "Quantities", "Wire"], swiftSettings: house),
    .testTarget(
      name: "DialectsTests",
      dependencies: ["Battery", "Dialects", "Quantities", "TestKit", "Text", "Wire"],
      resources: [.copy("Fixtures")], swiftSettings: house),
    .testTarget(
      name: "InvertersTests",
      dependencies: ["Battery", "Inverters", "Quantities", "TestKit", "Text", "Wire"],
      resources: [.copy("Fixtures")], swiftSettings: house),
    .testTarget(
      name: "ChargingTests", dependencies: ["Battery", "Charging", "Quantities"],
      swiftSettings: house),
    .testTarget(
      name: "PacksTests", dependencies: ["Battery", "Charging", "Packs", "Quantities", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Battery", "Charging", "Dialects", "Inverters", "Quantities", "Simulation", "TestKit",
        "Wire",
      ], swiftSettings: house),
    .testTarget(
      name: "TrialsTests",
      dependencies: ["Battery", "Charging", "Quantities", "Simulation", "Trials"],
      swiftSettings: house),
    .testTarget(
      name: "MachineTests", dependencies: ["CLinux", "Machine", "Quantities", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "LinksTests",
      dependencies: ["CLinux", "Links", "Machine", "Quantities", "TestKit", "Wire"],
      swiftSettings: house),
    .testTarget(
      name: "HistoryTests",
      dependencies: ["Battery", "CSQLite", "History", "Machine", "Quantities", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "GatewayTests",
      dependencies: [
        "Battery", "Charging", "CLinux", "Dialects", "Gateway", "History", "Inverters", "Links",
        "Machine",
        "Packs", "Quantities", "Simulation", "TestKit", "Text", "Wire",
      ], swiftSettings: house),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Battery", "Charts", "Dialects", "Gateway", "History", "Inverters", "Machine", "Quantities",
        "TestKit", "Text", "cellbus",
      ],
      swiftSettings: house),
    .testTarget(name: "HouseTests", dependencies: ["TestKit"], swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
