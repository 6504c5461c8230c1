// SPDX-License-Identifier: Apache-2.0

package import History

extension HistoryWriter.Settings {
  /// What the owner chose, for batteries of these names; `nil` where nothing is to be kept.
  package init?(_ settings: HistorySettings, batteries: [String]) {
    guard let path = settings.path else { return nil }
    self.init(path: path, batteries: batteries)
    rate.interval = settings.period
    commitInterval = Int(clamping: settings.commitPeriod)
    store.retention.maximumBytes = settings.largest
    store.retention.recordDays = settings.recordDays
    store.retention.minuteDays = settings.minuteDays
    store.retention.hourDays = settings.hourDays
  }
}
