// SPDX-License-Identifier: Apache-2.0

extension Figure {
  /// How large a picture is and how it looks.
  package struct Look: Sendable {
    /// Pixels from left to right.
    package var width = 1200
    /// Pixels from top to bottom; `nil` takes what the panels need.
    package var height: Int?
    /// The colours.
    package var theme = Theme.light

    /// 1200 pixels wide, on white.
    package init() {}
  }

  /// The picture as a PNG file.
  package func png(_ look: Look) throws(ChartError) -> [UInt8] { try drawn(.png, look) }

  /// The picture as an SVG file, which tells its title to those who cannot see it.
  package func svg(_ look: Look) throws(ChartError) -> [UInt8] {
    let bytes = try drawn(.svg, look)
    // The library has no way to say so, and the first element it writes is the picture.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: "<svg"),
      let end = text[start.upperBound...].firstIndex(of: ">")
    else { return bytes }
    let words = "\(Figure.escaped(title)), \(Figure.escaped(subtitle))"
    return Array(
      """
      \(text[..<end]) role="img" aria-label="\(words)">
      <title>\(words)</title>\(text[text.index(after: end)...])
      """.utf8)
  }

  private func drawn(_ format: Canvas.Format, _ look: Look) throws(ChartError) -> [UInt8] {
    let height = look.height ?? usualHeight
    let canvas = try Canvas(format, width: look.width, height: height)
    Painter(self, on: canvas, look.theme, width: Double(look.width), height: Double(height)).paint()
    return try canvas.finish()
  }

  /// A text as XML may hold it.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.drawable.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
