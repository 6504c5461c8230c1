// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The serial ports of this machine, under names that stay the same when cables are plugged elsewhere.
enum SerialPorts {
  /// Where Linux keeps these names.
  static let folder = "/dev/serial/by-id"

  /// The paths of all ports, in order; none where there is no such folder.
  static func list(in folder: String = Self.folder) -> [String] {
    guard let handle = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().map { "\(folder)/\($0)" }
  }
}
