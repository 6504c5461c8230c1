// SPDX-License-Identifier: Apache-2.0

import CCairo
import Glibc

/// A place on a picture, in pixels from its top left corner.
struct Spot: Hashable {
  var x: Double
  var y: Double
}

/// A part of a picture, in pixels.
struct Area: Hashable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
}

/// A surface of the library Cairo, whose pointers only this file and `Canvas+Text.swift` see.
@safe
final class Canvas {
  /// What becomes of it.
  enum Format { case svg, png }

  let cairo: OpaquePointer
  private let surface: OpaquePointer
  private let format: Format
  private let sink = Sink()

  /// Where the library puts the bytes of the file.
  private final class Sink {
    var bytes: [UInt8] = []
  }

  /// Takes bytes over from the library.
  private static let write: cairo_write_func_t = { closure, data, count in
    guard let closure = unsafe closure, let data = unsafe data else { return CAIRO_STATUS_SUCCESS }
    let sink = unsafe Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue()
    unsafe sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }

  /// An empty picture.
  init(_ format: Format, width: Int, height: Int) throws(ChartError) {
    self.format = format
    let made: OpaquePointer? =
      switch format {
      case .png: unsafe cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
      case .svg:
        unsafe cairo_svg_surface_create_for_stream(
          Canvas.write, Unmanaged.passUnretained(sink).toOpaque(), Double(width), Double(height))
      }
    guard let surface = unsafe made, let cairo = unsafe cairo_create(surface) else {
      throw .drawing("out of memory")
    }
    unsafe self.surface = surface
    unsafe self.cairo = cairo
    try check(unsafe cairo_surface_status(surface))
    if format == .svg { unsafe cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX) }
    unsafe cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
    unsafe cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND)
    prepareText()
  }

  deinit {
    unsafe cairo_destroy(cairo)
    // An SVG surface writes its end here at the latest, into the sink that is still there.
    unsafe cairo_surface_destroy(surface)
  }

  /// The bytes of the file; nothing can be drawn afterwards.
  func finish() throws(ChartError) -> [UInt8] {
    try check(unsafe cairo_status(cairo))
    if format == .png {
      let closure = unsafe Unmanaged.passUnretained(sink).toOpaque()
      try check(unsafe cairo_surface_write_to_png_stream(surface, Canvas.write, closure))
    }
    unsafe cairo_surface_finish(surface)
    try check(unsafe cairo_surface_status(surface))
    return sink.bytes
  }

  private func check(_ status: cairo_status_t) throws(ChartError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw .drawing(unsafe cairo_status_to_string(status).map { unsafe String(cString: $0) } ?? "")
  }

  /// Sets the colour of what comes next.
  func use(_ color: Color, opacity: Double = 1) {
    unsafe cairo_set_source_rgba(cairo, color.red, color.green, color.blue, opacity)
  }

  /// Fills an area.
  func fill(_ area: Area, _ color: Color, opacity: Double = 1) {
    use(color, opacity: opacity)
    unsafe cairo_rectangle(cairo, area.left, area.top, area.width, area.height)
    unsafe cairo_fill(cairo)
  }

  /// Fills what some spots enclose.
  func fill(_ outline: [Spot], _ color: Color, opacity: Double) {
    guard let first = outline.first else { return }
    use(color, opacity: opacity)
    unsafe cairo_move_to(cairo, first.x, first.y)
    for spot in outline.dropFirst() { unsafe cairo_line_to(cairo, spot.x, spot.y) }
    unsafe cairo_close_path(cairo)
    unsafe cairo_fill(cairo)
  }

  /// Draws lines through spots, each run by itself; a run of one spot is a dot.
  func stroke(_ runs: [[Spot]], _ color: Color, width: Double, opacity: Double = 1) {
    use(color, opacity: opacity)
    unsafe cairo_set_line_width(cairo, width)
    for run in runs {
      guard let first = run.first else { continue }
      unsafe cairo_move_to(cairo, first.x, first.y)
      for spot in run.dropFirst() { unsafe cairo_line_to(cairo, spot.x, spot.y) }
      if run.count == 1 { unsafe cairo_line_to(cairo, first.x, first.y) }
    }
    unsafe cairo_stroke(cairo)
  }

  /// Lets `body` draw within an area only.
  func within(_ area: Area, _ body: () -> Void) {
    unsafe cairo_save(cairo)
    unsafe cairo_rectangle(cairo, area.left, area.top, area.width, area.height)
    unsafe cairo_clip(cairo)
    body()
    unsafe cairo_restore(cairo)
  }
}
