// SPDX-License-Identifier: Apache-2.0
import Machine

/// The lines of a text file, one at a time.
struct LineReader: ~Copyable {
  private let file: Descriptor
  private var text: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  private let longest: Int

  /// The lines of an open file; no line of it is nearly as long as `longest`.
  init(_ file: consuming Descriptor, longest: Int) {
    self.file = file
    self.longest = longest
  }

  /// The next line, without its end; `nil` at the end of the file.
  ///
  /// A line that is far too long comes in pieces.
  mutating func next() throws(SystemError) -> [UInt8]? {
    while true {
      if let end = text[position...].firstIndex(of: 10) {
        defer { position = end + 1 }
        return Array(text[position..<end])
      }
      if isAtEnd || text.count - position >= longest {
        guard position < text.count else { return nil }
        defer { position = text.count }
        return Array(text[position...])
      }
      text.removeFirst(position)
      position = 0
      let count = try file.read(into: &text, limit: 16_384)
      isAtEnd = count == 0 || count == nil
    }
  }
}
