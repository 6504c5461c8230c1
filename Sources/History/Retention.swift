// SPDX-License-Identifier: Apache-2.0

/// How long each resolution is kept, and how much room all of it may take.
package struct Retention: Hashable, Sendable {
  /// How many bytes of the file may be in use; beyond, the finest and oldest goes first.
  package var maximumBytes: Int64 = 1 << 30
  /// Days after which records go, also where there is room; `nil` keeps them while there is.
  package var recordDays: Int64?
  /// Days after which summaries of a minute go, and with them all that is finer; `nil` keeps them
  /// while there is room.
  package var minuteDays: Int64?
  /// Days after which summaries of an hour go, and with them all that is finer; `nil` keeps them
  /// while there is room.
  package var hourDays: Int64?

  /// 1 GiB, and no age at which anything goes.
  package init() {}

  /// What can be removed, the finest first; days are kept for ever.
  enum Layer: CaseIterable {
    case records, minutes, hours

    /// The span of its summaries in seconds; `nil` for records.
    var span: Int64? {
      switch self {
      case .records: nil
      case .minutes: 60
      case .hours: 3600
      }
    }

    /// Days that the quota spares for as long as anything else is left to go.
    var spared: Int64 {
      switch self {
      case .records: 30
      case .minutes: 365
      case .hours: 3650
      }
    }
  }

  /// The age in days at which a layer goes: its own, or that of a coarser one, whichever is less.
  ///
  /// So resolution always goes before time: nothing fine outlives what sums it up.
  func days(_ layer: Layer) -> Int64? {
    let ages =
      switch layer {
      case .records: [recordDays, minuteDays, hourDays]
      case .minutes: [minuteDays, hourDays]
      case .hours: [hourDays]
      }
    return ages.compactMap { $0 }.min()
  }
}
