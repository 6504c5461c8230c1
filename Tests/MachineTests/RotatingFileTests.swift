// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import Quantities
import TestKit
import Testing

@Suite struct RotatingFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func rotation(_ largest: Int64, kept: Int, longest: Int64? = nil) -> Rotation {
    var rotation = Rotation()
    rotation.largest = largest
    rotation.kept = kept
    rotation.longest = longest
    return rotation
  }

  private func add(_ text: String, to file: inout RotatingFile, at now: Tick = Tick(0)) throws {
    try file.append(Array(text.utf8).span, at: now)
  }

  private func text(_ name: String) -> String? { try? Repository.text(scratch(name)) }

  @Test func putsAsideBySizeAndLetsTheOldestGo() throws {
    var file = RotatingFile(path: scratch("log"), rotation: rotation(4, kept: 2))
    for number in 1...9 { try add("\(number)\n", to: &file) }
    #expect(text("log.2") == "5\n6\n")
    #expect(text("log.1") == "7\n8\n")
    #expect(text("log") == "9\n")
    #expect(text("log.3") == nil)
  }

  @Test func aLineLongerThanAFileIsWrittenWhole() throws {
    var file = RotatingFile(path: scratch("log"), rotation: rotation(4, kept: 2))
    try add("123456789\n", to: &file)
    try add("1\n", to: &file)
    #expect(text("log.1") == "123456789\n")
    #expect(text("log") == "1\n")
  }

  @Test func putsAsideByAgeOfTheFirstLine() throws {
    var file = RotatingFile(path: scratch("log"), rotation: rotation(1000, kept: 2, longest: 500))
    try add("a\n", to: &file, at: Tick(10_000))
    try add("b\n", to: &file, at: Tick(10_499))
    try add("c\n", to: &file, at: Tick(10_500))
    #expect(text("log.1") == "a\nb\n")
    #expect(text("log") == "c\n")
    try add("d\n", to: &file, at: Tick(10_999))
    #expect(text("log") == "c\nd\n")
  }

  @Test func anOldFileOfAnEarlierRunIsOldAtOnce() throws {
    let name = try scratch.write("a\n", to: "log")
    // Where the file system tells when a file was made, that is now; else its last change counts.
    #expect(try Program.run(["touch", "-d", "2001-01-01", name]).exit == .status(0))
    var file = RotatingFile(path: name, rotation: rotation(1000, kept: 1, longest: 1))
    usleep(5000)
    try add("b\n", to: &file, at: Tick(0))
    #expect(text("log.1") == "a\n")
    #expect(text("log") == "b\n")
  }

  @Test func nothingKeptBeginsAnew() throws {
    var file = RotatingFile(path: scratch("log"), rotation: rotation(4, kept: 0))
    for number in 1...3 { try add("\(number)\n", to: &file) }
    #expect(text("log") == "3\n")
    #expect(text("log.1") == nil)
  }

  @Test func fewerKeptThanBeforeTakesTheRestAway() throws {
    for number in 1...5 { try scratch.write("\(number)", to: "log.\(number)") }
    try scratch.write("full\n", to: "log")
    var file = RotatingFile(path: scratch("log"), rotation: rotation(5, kept: 2))
    try add("new\n", to: &file)
    #expect(text("log") == "new\n")
    #expect(text("log.1") == "full\n")
    #expect(text("log.2") == "1")
    for number in 3...5 { #expect(text("log.\(number)") == nil) }
  }

  /// A crash can come between any two renames.
  @Test(arguments: 0...4) func aCrashBetweenRenamesLosesNothing(done: Int) throws {
    // Four files and room for five; after `done` renames from the oldest on there is a gap.
    for number in 1...4 { try scratch.write("old \(number)", to: "log.\(number)") }
    try scratch.write("full\n", to: "log")
    let names = ["log", "log.1", "log.2", "log.3", "log.4", "log.5"]
    for step in 0..<done {
      let (from, to) = (scratch(names[4 - step]), scratch(names[5 - step]))
      #expect(unsafe rename(from, to) == 0)
    }
    var file = RotatingFile(path: scratch("log"), rotation: rotation(5, kept: 5))
    try add("new\n", to: &file)
    try add("newer\n", to: &file)
    var found = Set(names.compactMap { text($0) })
    found.subtract(["newer\n"])
    // Each further putting aside fills the gap first.
    #expect(found.isSuperset(of: ["full\n", "old 1", "old 2", "old 3", "new\n"]), "\(found)")
    #expect(text("log") == "newer\n")
  }

  @Test func headingsComeWithEachOpening() throws {
    let path = scratch("log")
    for _ in 0..<2 {
      var file = RotatingFile(path: path, rotation: rotation(8, kept: 3)) { Array("#\n".utf8) }
      try add("a\n", to: &file)
      try add("b\n", to: &file)
    }
    #expect(text("log.1") == "#\na\nb\n")
    #expect(text("log") == "#\na\nb\n")
    var file = RotatingFile(path: path) { Array("#\n".utf8) }
    try add("a\n", to: &file)
    #expect(text("log") == "#\na\nb\n#\na\n")
    #expect(unsafe unlink(path) == 0)
    try add("b\n", to: &file)
    #expect(text("log") == "#\nb\n")
  }

  @Test func whatWasMovedOrRemovedIsBegunAnew() throws {
    var file = RotatingFile(path: scratch("log"))
    try add("a\n", to: &file)
    #expect(unsafe rename(scratch("log"), scratch("taken")) == 0)
    try add("b\n", to: &file)
    #expect(text("taken") == "a\n")
    #expect(text("log") == "b\n")
    #expect(unsafe unlink(scratch("log")) == 0)
    try add("c\n", to: &file)
    #expect(text("log") == "c\n")
  }

  @Test func aFolderThatVanishesAndReturnsIsUsed() throws {
    #expect(unsafe mkdir(scratch("folder"), 0o755) == 0)
    var file = RotatingFile(path: scratch("folder/log"))
    try add("a\n", to: &file)
    #expect(unsafe unlink(scratch("folder/log")) == 0)
    #expect(unsafe rmdir(scratch("folder")) == 0)
    for _ in 0..<2 {
      #expect(throws: SystemError(ENOENT)) { try add("b\n", to: &file) }
    }
    #expect(unsafe mkdir(scratch("folder"), 0o755) == 0)
    try add("c\n", to: &file)
    #expect(text("folder/log") == "c\n")
  }

  @Test func aFullDiskIsSaidAndHeals() throws {
    #expect(unsafe symlink("/dev/full", scratch("log")) == 0)
    var file = RotatingFile(path: scratch("log"))
    #expect(throws: SystemError(ENOSPC)) { try add("a\n", to: &file) }
    #expect(unsafe unlink(scratch("log")) == 0)
    try add("b\n", to: &file)
    #expect(text("log") == "b\n")
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    // Nobody may make a file there, not even root.
    var file = RotatingFile(path: "/proc/self/cellbus.log")
    #expect(throws: SystemError.self) { try add("a\n", to: &file) }
  }

  @Test func whatCannotBePutAsideDoesNotGrowBeyondItsSize() throws {
    // A folder with something in it stands where the file put aside should be.
    try #require(unsafe mkdir(scratch("log.1"), 0o755) == 0)
    try scratch.write("x", to: "log.1/x")
    var file = RotatingFile(path: scratch("log"), rotation: rotation(4, kept: 1, longest: 10))
    try add("a\n", to: &file, at: Tick(0))
    // Too old alone: it grows on.
    try add("b\n", to: &file, at: Tick(100))
    #expect(text("log") == "a\nb\n")
    #expect(throws: SystemError.self) { try add("c\n", to: &file, at: Tick(200)) }
    #expect(text("log") == "a\nb\n")
    #expect(try Program.run(["rm", "-r", scratch("log.1")]).exit == .status(0))
    try add("d\n", to: &file, at: Tick(300))
    #expect(text("log.1") == "a\nb\n")
    #expect(text("log") == "d\n")
  }

  @Test func halfALineOfACrashIsLeftBehind() throws {
    try scratch.write("whole\nhal", to: "log")
    var file = RotatingFile(path: scratch("log"))
    try add("next\n", to: &file)
    #expect(text("log") == "whole\nhal\nnext\n")
  }

  @Test func aDeviceIsNeverPutAside() throws {
    var file = RotatingFile(path: "/dev/null", rotation: rotation(1, kept: 1, longest: 0))
    for _ in 0..<3 { try add("a\n", to: &file) }
    #expect(unsafe access("/dev/null.1", F_OK) != 0)
  }
}
