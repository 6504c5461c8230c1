// SPDX-License-Identifier: Apache-2.0

/// The colours of a figure.
///
/// Lines are told apart also by eyes that see red and green alike: the palette of Okabe and Ito, for a
/// dark ground a lighter one of the same hues.
package struct Theme: Sendable {
  let ground: Color
  let text: Color
  let dim: Color
  let grid: Color
  let axis: Color
  let lines: [Color]
  let states: [Color]
  let silence: Color
  let warning: Color
  let alarm: Color
  /// The first, middle and last colours of a family.
  let family: [Color]

  /// For paper and bright screens.
  package static let light = Theme(
    ground: Color(0xFFFFFF), text: Color(0x1F2328), dim: Color(0x656D76), grid: Color(0xE9ECEF),
    axis: Color(0xB8BFC6),
    lines: [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xE69F00].map(Color.init),
    states: [0xCFE3F2, 0xFBE3C0, 0xD3EBDF, 0xC9E8DC, 0xEBD6E4, 0xE3E3E8].map(Color.init),
    silence: Color(0x9AA2AB), warning: Color(0xE69F00), alarm: Color(0xC1272D),
    family: [0x440154, 0x31688E, 0x35B779, 0xD8B400].map(Color.init))

  /// For dark screens.
  package static let dark = Theme(
    ground: Color(0x14181D), text: Color(0xE6EAEE), dim: Color(0x98A2AD), grid: Color(0x262C34),
    axis: Color(0x4A535E),
    lines: [0x56B4E9, 0xFF9A52, 0x2FC79B, 0xE59AC5, 0x9AD4F5, 0xF5C24A].map(Color.init),
    states: [0x1E3A52, 0x55421F, 0x1F4638, 0x1B4D40, 0x4A2F42, 0x353A42].map(Color.init),
    silence: Color(0x6B747E), warning: Color(0xF5C24A), alarm: Color(0xFF6B6B),
    family: [0x8A7BE0, 0x4FA3D1, 0x4BD19B, 0xF5D547].map(Color.init))

  /// The colour of line `index`.
  func line(_ index: Int) -> Color { lines[index % lines.count] }

  /// The colour of member `index` of a family of `count`.
  func member(_ index: Int, of count: Int) -> Color {
    guard count > 1 else { return family[0] }
    let place = Double(index) / Double(count - 1) * Double(family.count - 1)
    let left = min(family.count - 2, Int(place))
    return family[left].mixed(with: family[left + 1], place - Double(left))
  }

  /// The colour of a span.
  func tone(_ tone: Lane.Tone) -> Color {
    switch tone {
    case .state(let number): states[abs(number) % states.count]
    case .silence: silence
    case .warning: warning
    case .alarm: alarm
    }
  }
}

/// A colour of the screen.
struct Color: Hashable, Sendable {
  let red: Double
  let green: Double
  let blue: Double

  /// A colour as the web writes it, such as 0xFF8800.
  init(_ code: Int) {
    red = Double(code >> 16 & 0xFF) / 255
    green = Double(code >> 8 & 0xFF) / 255
    blue = Double(code & 0xFF) / 255
  }

  private init(_ red: Double, _ green: Double, _ blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour a part of the way to another.
  func mixed(with other: Color, _ part: Double) -> Color {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * part }
    return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
