// SPDX-License-Identifier: Apache-2.0

/// A picture of values over time: panels one below the other, over one time axis.
package struct Figure: Sendable {
  /// What it shows, in large letters; whatever it holds is shown as text.
  package var title: String
  /// More about it, in small letters beside the title.
  package var subtitle = ""
  /// Where time begins, in milliseconds since 1970.
  package var from: Int64
  /// Where time ends.
  package var to: Int64
  /// By which clock the time is told.
  package var zone: Zone
  /// States and alarms, in rows above the panels.
  package var lanes: [Lane] = []
  /// The values.
  package var panels: [Panel] = []

  /// A figure without any panel yet; `to` must lie after `from`.
  package init(title: String, from: Int64, to: Int64, zone: Zone = .utc) {
    self.title = title
    self.from = from
    self.to = max(from + 1, to)
    self.zone = zone
  }
}

/// Lines that share one scale.
package struct Panel: Sendable {
  /// What its numbers count, such as `V`; empty for none.
  package var unit: String
  /// How many decimals one step of a value resolves.
  package var decimals: Int
  /// The lines.
  package var lines: [Line] = []
  /// What the scale reaches at least and at most; `nil` takes the values' own.
  package var bounds: ClosedRange<Int64>?
  /// Whether the lines are members of one family, such as cells: coloured by their order.
  package var isFamily = false
  /// What the family is called.
  package var title = ""

  /// A panel without any line yet.
  package init(unit: String, decimals: Int) {
    self.unit = unit
    self.decimals = decimals
  }
}

/// One value over time.
package struct Line: Sendable {
  /// What it is called.
  package var name: String
  /// Whether it keeps its value until the next sample, as a switch does.
  package var isStepped = false
  /// What is known, in rising order of time.
  package var samples: [Sample] = []

  /// A line without any sample yet.
  package init(_ name: String) { self.name = name }

  /// What was known at one moment, or over a span.
  package struct Sample: Hashable, Sendable {
    /// The moment, or the middle of the span, in milliseconds since 1970.
    package var time: Int64
    /// The value or the mean, in steps of the panel's scale.
    package var mean: Int64
    /// The lowest value.
    package var low: Int64
    /// The highest value.
    package var high: Int64
    /// Whether nothing is known of the time since the sample before.
    package var followsGap: Bool

    /// A single value, unless `low` and `high` say otherwise.
    package init(
      _ time: Int64, _ mean: Int64, low: Int64? = nil, high: Int64? = nil, followsGap: Bool = false
    ) {
      self.time = time
      self.mean = mean
      self.low = low ?? mean
      self.high = high ?? mean
      self.followsGap = followsGap
    }
  }
}

/// A row of spans above the panels.
package struct Lane: Sendable {
  /// How bad it is.
  package enum Tone: Sendable {
    /// A state as it comes and goes, with a colour of its own by number.
    case state(Int)
    /// Nothing is known.
    case silence
    case warning
    case alarm
  }

  /// A stretch of time.
  package struct Span: Sendable {
    /// Where it begins, in milliseconds since 1970.
    package var from: Int64
    /// Where it ends.
    package var to: Int64
    /// What it is called.
    package var label: String
    /// How it looks.
    package var tone: Tone

    /// A stretch of time.
    package init(from: Int64, to: Int64, _ label: String, _ tone: Tone) {
      self.from = from
      self.to = to
      self.label = label
      self.tone = tone
    }
  }

  /// What the row is called.
  package var name: String
  /// The stretches, in rising order of time.
  package var spans: [Span]

  /// A row of spans.
  package init(_ name: String, _ spans: [Span]) {
    self.name = name
    self.spans = spans
  }
}
