// SPDX-License-Identifier: Apache-2.0

import CCairo

/// How a text looks and on which side of its spot it stands.
struct Lettering {
  enum Side { case left, middle, right }

  var size: Double = 12
  var isBold = false
  var side: Side = .left
}

extension Canvas {
  /// Lays letters out alike in both formats, whatever the pixels are.
  func prepareText() {
    let options = unsafe cairo_font_options_create()
    unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    unsafe cairo_set_font_options(cairo, options)
    unsafe cairo_font_options_destroy(options)
  }

  private func choose(_ lettering: Lettering) {
    let weight = lettering.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    unsafe cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight)
    unsafe cairo_set_font_size(cairo, lettering.size)
  }

  /// How wide a text is.
  func width(_ text: String, _ lettering: Lettering) -> Double {
    choose(lettering)
    var extents = cairo_text_extents_t()
    unsafe cairo_text_extents(cairo, text.drawable, &extents)
    return extents.x_advance
  }

  /// Writes a text with its base line through a spot, and answers how wide it is.
  @discardableResult
  func write(_ text: String, at spot: Spot, _ color: Color, _ lettering: Lettering) -> Double {
    let text = text.drawable
    let width = width(text, lettering)
    let shift =
      switch lettering.side {
      case .left: 0.0
      case .middle: width / 2
      case .right: width
      }
    use(color)
    unsafe cairo_move_to(cairo, spot.x - shift, spot.y)
    unsafe cairo_show_text(cairo, text)
    return width
  }

  /// As much of a text as fits, with a mark where it was cut; empty when that would not be a word.
  func fitting(_ text: String, _ room: Double, _ lettering: Lettering) -> String {
    if width(text, lettering) <= room { return text }
    var scalars = text.unicodeScalars
    while scalars.count > 3 {
      scalars.removeLast()
      let cut = String(scalars) + "…"
      if width(cut, lettering) <= room { return cut }
    }
    return ""
  }
}

extension String {
  /// The text without what would not be seen, or would turn what follows around.
  var drawable: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator:
        scalars.append("\u{FFFD}")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
