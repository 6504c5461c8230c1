// SPDX-License-Identifier: Apache-2.0

/// Where the parts of a figure stand on its picture.
struct Layout {
  /// What is above the lanes: title and subtitle.
  static let header = 58.0
  /// One lane with its gap.
  static let lane = 20.0
  /// The line above a panel with its names.
  static let names = 32.0
  /// What is below the last panel: two lines of time.
  static let footer = 46.0
  /// What is left free to the right.
  static let margin = 22.0

  /// The plots of the panels, from top to bottom.
  let plots: [Area]
  /// The top of the first lane.
  let lanesTop = header

  /// Shares the room out among the panels.
  init(_ figure: Figure, left: Double, width: Double, height: Double) {
    let lanes = figure.lanes.isEmpty ? 0 : Double(figure.lanes.count) * Layout.lane + 4
    let top = Layout.header + lanes
    let count = Double(max(1, figure.panels.count))
    let room = max(0, height - top - Layout.footer - count * Layout.names)
    let weights = figure.panels.map(\.weight)
    let total = weights.reduce(0, +)
    var plots: [Area] = []
    var y = top
    for weight in weights {
      y += Layout.names
      let size = room * weight / total
      plots.append(Area(left: left, top: y, right: width - Layout.margin, bottom: y + size))
      y += size
    }
    self.plots = plots
  }
}

extension Panel {
  /// Its share of the room: a switch needs little, a family much.
  fileprivate var weight: Double {
    if lines.allSatisfy(\.isStepped) && bounds == 0...1 { return 0.35 }
    return isFamily ? 1.6 : 1
  }
}

extension Figure {
  /// The height that its panels need, in pixels.
  var usualHeight: Int {
    let lanes = lanes.isEmpty ? 0 : Double(lanes.count) * Layout.lane + 4
    let panels = panels.reduce(0) { $0 + Layout.names + 150 * $1.weight }
    let alone = panels > 0 && self.panels.count == 1 ? 130.0 : 0
    return Int(Layout.header + lanes + panels + alone + Layout.footer)
  }
}
