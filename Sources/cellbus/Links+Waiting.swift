// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension ByteLink {
  /// Waits until one of these descriptors can be read; a refusal of the system names the link.
  func waitReadable(_ descriptors: [Int32], milliseconds: Int64) throws(LinkError) -> Bool {
    try wait(descriptors, milliseconds, name)
  }
}

extension FrameLink {
  /// Waits until one of these descriptors can be read; a refusal of the system names the link.
  func waitReadable(_ descriptors: [Int32], milliseconds: Int64) throws(LinkError) -> Bool {
    try wait(descriptors, milliseconds, name)
  }
}

private func wait(
  _ descriptors: [Int32], _ milliseconds: Int64, _ name: String
) throws(LinkError) -> Bool {
  do throws(SystemError) {
    return try waitReadable(descriptors, milliseconds: Int32(clamping: milliseconds))
  } catch {
    throw .system(path: name, error)
  }
}
