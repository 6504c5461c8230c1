// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine

/// What a process has cost so far, as the kernel tells under `/proc`.
struct ProcessCost {
  /// Nanoseconds on a processor and switches of each thread that still runs, by its number.
  var threads: [Int32: (name: String, nanoseconds: Int64, switches: Int64)] = [:]
  /// Ticks of the processor by the coarser count of `stat`: user and system.
  var ticks: Int64 = 0
  /// When this was, in nanoseconds.
  var at: Int64 = 0
  /// Bytes handed to files, terminals and sockets.
  var written: Int64 = 0
  /// Bytes that the disks had to take.
  var stored: Int64 = 0
  /// Resident memory, in KiB.
  var resident: Int64 = 0
  /// Resident memory that is not of a file, in KiB.
  var anonymous: Int64 = 0
  /// Resident memory, shared pages divided by their sharers, in KiB.
  var proportional: Int64 = 0

  /// Nanoseconds on a processor by all threads.
  var nanoseconds: Int64 { threads.values.reduce(0) { $0 + $1.nanoseconds } }
  /// Switches of all threads.
  var switches: Int64 { threads.values.reduce(0) { $0 + $1.switches } }

  /// What a process has cost until now; `nil` when it has ended.
  init?(of process: Int32) {
    let folder = "/proc/\(process)"
    at = MonotonicClock.nanoseconds()
    // The name in parentheses may hold anything; the numbers come after it.
    guard
      let fields = Self.text(folder + "/stat").split(separator: ")").last?.split(separator: " "),
      fields.count > 12
    else { return nil }
    ticks = (Int64(fields[11]) ?? 0) + (Int64(fields[12]) ?? 0)
    for thread in Self.threads(of: process) {
      let place = "\(folder)/task/\(thread)"
      let spent = Self.text(place + "/schedstat").split(separator: " ").first
      let status = Self.text(place + "/status")
      threads[thread] = (
        String(Self.text(place + "/comm").dropLast()), spent.flatMap { Int64($0) } ?? 0,
        Self.number("voluntary_ctxt_switches", status)
          + Self.number("nonvoluntary_ctxt_switches", status)
      )
    }
    let io = Self.text(folder + "/io")
    written = Self.number("wchar", io)
    stored = Self.number("write_bytes", io)
    let status = Self.text(folder + "/status")
    resident = Self.number("VmRSS", status)
    anonymous = Self.number("RssAnon", status)
    proportional = Self.number("Pss", Self.text(folder + "/smaps_rollup"))
  }

  private static func threads(of process: Int32) -> [Int32] {
    var threads: [Int32] = []
    guard let folder = unsafe opendir("/proc/\(process)/task") else { return [] }
    defer { unsafe closedir(folder) }
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0) }
      let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      if let number = Int32(text) { threads.append(number) }
    }
    return threads
  }

  private static func text(_ path: String) -> String {
    var bytes: [UInt8] = []
    guard let file = try? Descriptor.open(path, O_RDONLY) else { return "" }
    while let count = try? file.read(into: &bytes), count > 0 {}
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number after `name:` at the start of a line; 0 when it is not there.
  private static func number(_ name: String, _ text: String) -> Int64 {
    for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      return words.count > 1 ? Int64(words[1]) ?? 0 : 0
    }
    return 0
  }
}
