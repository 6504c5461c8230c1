// SPDX-License-Identifier: Apache-2.0

extension Painter {
  /// Draws one panel: its names, its scale and its lines.
  func paintPanel(_ index: Int) {
    let panel = figure.panels[index]
    let plot = layout.plots[index]
    let axis = axes[index]
    shade(plot)
    paintScale(panel, axis, plot)
    canvas.within(
      Area(left: plot.left, top: plot.top - 2, right: plot.right, bottom: plot.bottom + 2)
    ) {
      // Bands lie below all lines, so that none hides a line.
      if !panel.isFamily && panel.lines.count <= 3 {
        for (place, line) in panel.lines.enumerated() where !line.isStepped {
          for run in line.runs {
            for band in bands(run, axis, plot) {
              canvas.fill(band, color(place, panel), opacity: 0.22)
            }
          }
        }
      }
      for (place, line) in panel.lines.enumerated() {
        let runs = line.runs.map { spots($0, line, axis, plot) }
        canvas.stroke(runs, color(place, panel), width: panel.isFamily ? 1.1 : 1.6)
      }
    }
    paintNames(panel, axis, plot)
  }

  private func color(_ place: Int, _ panel: Panel) -> Color {
    panel.isFamily ? theme.member(place, of: panel.lines.count) : theme.line(place)
  }

  private func paintScale(_ panel: Panel, _ axis: ValueAxis, _ plot: Area) {
    for mark in axis.marks {
      let y = y(mark, axis, plot)
      let isZero = mark == 0 && axis.low < 0
      canvas.stroke(
        [[Spot(x: plot.left, y: y), Spot(x: plot.right, y: y)]], isZero ? theme.axis : theme.grid,
        width: 1)
      canvas.write(
        axis.label(mark, unit: panel.unit), at: Spot(x: plot.left - 8, y: y + 4), theme.dim,
        Lettering(size: 11, side: .right))
    }
    canvas.stroke(
      [[Spot(x: plot.left, y: plot.top), Spot(x: plot.left, y: plot.bottom)]], theme.axis, width: 1)
  }

  /// The names of the lines with the range of each.
  private func paintNames(_ panel: Panel, _ axis: ValueAxis, _ plot: Area) {
    let y = plot.top - 9
    let bold = Lettering(size: 12, isBold: true)
    var x = plot.left
    if panel.isFamily {
      x += canvas.write(panel.title, at: Spot(x: x, y: y), theme.text, bold) + 12
    }
    for (place, line) in panel.lines.enumerated() {
      let text = line.rangeText(axis, panel.unit)
      let name = canvas.fitting(line.name, plot.right - x - 18, bold)
      guard !name.isEmpty else { break }
      if panel.isFamily {
        canvas.stroke(
          [[Spot(x: x, y: y - 4), Spot(x: x + 10, y: y - 4)]], color(place, panel), width: 3)
        x += canvas.write(name, at: Spot(x: x + 15, y: y), theme.dim, Painter.small) + 27
        continue
      }
      canvas.stroke(
        [[Spot(x: x + 1, y: y - 4), Spot(x: x + 13, y: y - 4)]], color(place, panel), width: 3)
      x += 19
      x += canvas.write(name, at: Spot(x: x, y: y), theme.text, bold) + 8
      guard plot.right - x > canvas.width(text, Painter.small) else { continue }
      x += canvas.write(text, at: Spot(x: x, y: y), theme.dim, Painter.small) + 24
    }
  }

  // MARK: Places

  /// Where a value stands, in pixels from the top.
  private func y(_ value: Int64, _ axis: ValueAxis, _ plot: Area) -> Double {
    let value = min(axis.high, max(axis.low, value))
    let part = Double(value - axis.low) / Double(axis.high - axis.low)
    return plot.bottom - part * plot.height
  }

  /// Where a sample stands, to an eighth of a pixel: finer is not seen and only makes files large.
  private func spot(_ time: Int64, _ value: Int64, _ axis: ValueAxis, _ plot: Area) -> Spot {
    func rounded(_ place: Double) -> Double { (place * 8).rounded() / 8 }
    return Spot(x: rounded(x(time)), y: rounded(y(value, axis, plot)))
  }

  private func spots(
    _ run: ArraySlice<Line.Sample>, _ line: Line, _ axis: ValueAxis, _ plot: Area
  ) -> [Spot] {
    var spots: [Spot] = []
    func add(_ spot: Spot) {
      // Of a level stretch its two ends are enough.
      let count = spots.count
      if count > 1, spots[count - 1].y == spot.y, spots[count - 2].y == spot.y {
        spots.removeLast()
      }
      spots.append(spot)
    }
    for sample in run {
      let spot = spot(sample.time, sample.mean, axis, plot)
      if line.isStepped, let last = spots.last { add(Spot(x: spot.x, y: last.y)) }
      add(spot)
    }
    return spots
  }

  /// The outlines of what lies between the lowest and the highest values, where that can be seen.
  private func bands(
    _ run: ArraySlice<Line.Sample>, _ axis: ValueAxis, _ plot: Area
  ) -> [[Spot]] {
    var bands: [[Spot]] = []
    var high: [Spot] = []
    var low: [Spot] = []
    func end() {
      if high.count > 1 { bands.append(high + low.reversed()) }
      high.removeAll()
      low.removeAll()
    }
    for index in run.indices {
      let near = max(run.startIndex, index - 1)...min(run.endIndex - 1, index + 1)
      // A neighbour of what can be seen belongs to it, so that the band begins at a point.
      let isSeen = near.contains {
        y(run[$0].low, axis, plot) - y(run[$0].high, axis, plot) > 0.5
      }
      guard isSeen else {
        end()
        continue
      }
      high.append(spot(run[index].time, run[index].high, axis, plot))
      low.append(spot(run[index].time, run[index].low, axis, plot))
    }
    end()
    return bands
  }
}

extension Line {
  /// The samples between gaps.
  var runs: [ArraySlice<Sample>] {
    var runs: [ArraySlice<Sample>] = []
    var start = samples.startIndex
    for index in samples.indices where index > start && samples[index].followsGap {
      runs.append(samples[start..<index])
      start = index
    }
    if start < samples.endIndex { runs.append(samples[start...]) }
    return runs
  }

  /// The lowest and highest values; `nil` without any.
  var range: ClosedRange<Int64>? {
    guard let low = samples.lazy.map(\.low).min(), let high = samples.lazy.map(\.high).max() else {
      return nil
    }
    return low...max(low, high)
  }

  /// The lowest and highest values as text.
  fileprivate func rangeText(_ axis: ValueAxis, _ unit: String) -> String {
    guard let range else { return "nothing known" }
    let low = axis.text(range.lowerBound)
    let high = axis.text(range.upperBound)
    let unit = unit.isEmpty ? "" : " \(unit)"
    return low == high ? "\(low)\(unit)" : "\(low) … \(high)\(unit)"
  }
}

extension Panel {
  /// The scale that holds all its values.
  func axis(count: Int) -> ValueAxis {
    let ranges = lines.compactMap(\.range)
    let low = ranges.map(\.lowerBound).min() ?? 0
    let high = ranges.map(\.upperBound).max() ?? 0
    if let bounds, bounds == 0...1, low >= 0, high <= 1 {
      return ValueAxis(0...1, decimals: decimals, count: 1, bounds: bounds)
    }
    return ValueAxis(low...max(low, high), decimals: decimals, count: count, bounds: bounds)
  }
}
