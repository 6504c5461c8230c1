// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
package import Wire

/// A recording of bytes, read line by line; files that were put aside may come before the last.
package struct TrafficReader: ~Copyable {
  /// What stands in a line.
  package enum Content: Equatable, Sendable {
    /// A part of the recording begins.
    case header(TrafficHeader)
    /// Something happened on the wire.
    case line(TrafficLine)
    /// A remark that a person has added, or an empty line.
    case remark
    /// Something that is no line of a recording.
    case unknown
  }

  /// A line and its place.
  package struct Item: Sendable {
    /// The file.
    package let path: String
    /// The line's number in the file, from 1.
    package let number: Int
    /// What stands there.
    package let content: Content
  }

  /// No line that this program writes is nearly as long: the most that is read at once is 4 KiB.
  private static let longest = 1 << 17

  private var paths: ArraySlice<String>
  private var path = ""
  private var number = 0
  private var lines: LineReader?

  /// Files in the order of their time; `-` is standard input.
  package init(_ paths: [String]) { self.paths = paths[...] }

  /// The next line; `nil` after the last of the last file.
  package mutating func next() throws(LinkError) -> Item? {
    while true {
      do throws(SystemError) {
        if let text = try lines?.next() {
          number += 1
          return Item(path: path, number: number, content: Self.content(text))
        }
        guard let path = paths.popFirst() else { return nil }
        self.path = path
        number = 0
        lines = LineReader(
          path == "-"
            ? try Descriptor { dup(STDIN_FILENO) } : try Descriptor.open(path, O_RDONLY),
          longest: Self.longest)
      } catch {
        throw .opening(path, error)
      }
    }
  }

  private static func content(_ text: [UInt8]) -> Content {
    if let line = TrafficLine(text: text) { return .line(line) }
    if let header = TrafficHeader(text: text) { return .header(header) }
    let first = text.first { $0 > 0x20 }
    return first == nil || first == UInt8(ascii: "#") ? .remark : .unknown
  }
}
