// SPDX-License-Identifier: Apache-2.0

/// Draws one figure on one canvas.
struct Painter {
  let figure: Figure
  let canvas: Canvas
  let theme: Theme
  let layout: Layout
  let axes: [ValueAxis]
  private let size: Area
  private let left: Double

  static let small = Lettering(size: 11)
  private static let title = Lettering(size: 18, isBold: true)
  private static let subtitle = Lettering(size: 12)

  /// Measures what is to be drawn.
  init(_ figure: Figure, on canvas: Canvas, _ theme: Theme, width: Double, height: Double) {
    self.figure = figure
    self.canvas = canvas
    self.theme = theme
    size = Area(left: 0, top: 0, right: width, bottom: height)
    let rough = Layout(figure, left: 0, width: width, height: height)
    let axes = zip(figure.panels, rough.plots).map { panel, plot in
      panel.axis(count: Int(plot.height / 34))
    }
    var widest = 34.0
    for (panel, axis) in zip(figure.panels, axes) {
      for mark in axis.marks {
        widest = max(widest, canvas.width(axis.label(mark, unit: panel.unit), Painter.small))
      }
    }
    for lane in figure.lanes { widest = max(widest, canvas.width(lane.name, Painter.small)) }
    left = min(width / 3, widest + 22)
    layout = Layout(figure, left: left, width: width, height: height)
    self.axes = axes
  }

  /// Draws everything.
  func paint() {
    canvas.fill(size, theme.ground)
    paintHeader()
    paintTime()
    paintLanes()
    for index in figure.panels.indices { paintPanel(index) }
  }

  private func paintHeader() {
    let room = size.right - Layout.margin - left
    let title = canvas.fitting(figure.title, room, Painter.title)
    canvas.write(title, at: Spot(x: left, y: 26), theme.text, Painter.title)
    let subtitle = canvas.fitting(figure.subtitle, room, Painter.subtitle)
    canvas.write(subtitle, at: Spot(x: left, y: 45), theme.dim, Painter.subtitle)
  }

  /// Where a moment stands, in pixels from the left.
  func x(_ time: Int64) -> Double {
    let part = Double(time - figure.from) / Double(figure.to - figure.from)
    return left + part * (size.right - Layout.margin - left)
  }

  // MARK: Time

  private func paintTime() {
    guard let last = layout.plots.last else { return }
    let most = max(2, Int(last.width / 84))
    let ticks = TimeAxis(from: figure.from, to: figure.to, zone: figure.zone, most: most).ticks
    for tick in ticks {
      let x = x(tick.time)
      for plot in layout.plots {
        canvas.stroke(
          [[Spot(x: x, y: plot.top), Spot(x: x, y: plot.bottom)]], theme.grid, width: 1)
      }
      canvas.stroke(
        [[Spot(x: x, y: last.bottom), Spot(x: x, y: last.bottom + 4)]], theme.axis, width: 1)
      write(tick.label, x, last.bottom + 18, theme.text, Lettering(size: 11, side: .middle))
    }
    paintContext(ticks, y: last.bottom + 34)
  }

  /// The days below the hours, or the years below the months; where two are too close, the later.
  private func paintContext(_ ticks: [TimeAxis.Tick], y: Double) {
    let places = ticks.compactMap { tick in tick.context.map { (x: x(tick.time), text: $0) } }
    let lettering = Lettering(size: 11, isBold: true, side: .middle)
    for (index, place) in places.enumerated() {
      let half = canvas.width(place.text, lettering) / 2
      if index + 1 < places.count, places[index + 1].x - place.x < 2 * half + 10 { continue }
      write(place.text, place.x, y, theme.dim, lettering)
    }
  }

  /// Writes a text around a place, but never beyond the sides of the picture.
  private func write(
    _ text: String, _ x: Double, _ y: Double, _ color: Color, _ lettering: Lettering
  ) {
    let half = canvas.width(text, lettering) / 2
    let x = max(4 + half, min(size.right - 4 - half, x))
    canvas.write(text, at: Spot(x: x, y: y), color, lettering)
  }

  // MARK: Lanes

  private func paintLanes() {
    for (index, lane) in figure.lanes.enumerated() {
      let top = layout.lanesTop + Double(index) * Layout.lane
      canvas.write(
        canvas.fitting(lane.name, left - 12, Painter.small), at: Spot(x: left - 8, y: top + 12),
        theme.dim, Lettering(size: 11, side: .right))
      for (place, span) in lane.spans.enumerated() {
        let next = place + 1 < lane.spans.count ? x(lane.spans[place + 1].from) : .infinity
        paint(span, top: top, until: min(next, size.right - Layout.margin))
      }
    }
  }

  /// One span with its name in it, or beside it where there is more room.
  private func paint(_ span: Lane.Span, top: Double, until end: Double) {
    let area = Area(
      left: max(left, x(span.from)), top: top, right: min(size.right - Layout.margin, x(span.to)),
      bottom: top + Layout.lane - 4)
    guard area.right > area.left else { return }
    let shown = Area(
      left: area.left, top: area.top, right: max(area.left + 2, area.right), bottom: area.bottom)
    canvas.fill(shown, theme.tone(span.tone))
    let isState = if case .state = span.tone { true } else { false }
    let inside = canvas.fitting(span.label, area.width - 8, Painter.small)
    if inside == span.label || end - area.right < area.width {
      let color = isState ? theme.text : theme.ground
      canvas.write(inside, at: Spot(x: area.left + 4, y: area.top + 12), color, Painter.small)
    } else {
      let beside = canvas.fitting(span.label, end - shown.right - 8, Painter.small)
      canvas.write(beside, at: Spot(x: shown.right + 4, y: area.top + 12), theme.dim, Painter.small)
    }
  }

  /// Shades where something was wrong, behind the lines.
  func shade(_ plot: Area) {
    for span in figure.lanes.flatMap(\.spans) {
      if case .state = span.tone { continue }
      let start = max(plot.left, x(span.from))
      let end = min(plot.right, max(x(span.to), start + 1))
      guard end > start else { continue }
      canvas.fill(
        Area(left: start, top: plot.top, right: end, bottom: plot.bottom), theme.tone(span.tone),
        opacity: 0.12)
    }
  }
}
