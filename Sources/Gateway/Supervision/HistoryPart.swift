// SPDX-License-Identifier: Apache-2.0

import History
import Machine

/// The history as a part: at most one writer at a time, since two would harm the file.
final class HistoryPart {
  private(set) var writer: HistoryWriter?

  /// Starts a writer by these settings, once the one before has ended.
  func start(_ settings: Settings) throws(PartFault) -> HistoryWriter {
    guard stop() else {
      throw PartFault("the disk does not answer; what was read since then waits")
    }
    let choice = settings.historyWriter
    do throws(SystemError) {
      let started = try HistoryWriter(choice)
      writer = started
      return started
    } catch {
      throw PartFault("\(choice.path): \(error); nothing is stored")
    }
  }

  /// Why nothing can be stored now; `nil` while it can.
  var fault: String? { writer?.status.error.map { "\($0)" } }

  /// Ends the writer; answers whether it has ended in time.
  @discardableResult
  func stop() -> Bool {
    guard writer?.stop(timeoutMilliseconds: Service.patience) ?? true else { return false }
    writer = nil
    return true
  }
}

extension Settings {
  /// What the history is told by these settings; of no use where none is kept.
  var historyWriter: HistoryWriter.Settings {
    let names = batteries.map(\.name) + banks.map(\.name)
    return HistoryWriter.Settings(history, batteries: names)
      ?? HistoryWriter.Settings(path: "", batteries: names)
  }

  /// Whether a history by other settings would be another, or holds counters that a battery is to go on
  /// from: a writer knows only those of its own start.
  func hasOtherHistory(than other: Settings) -> Bool {
    history != other.history || batteries.map(\.name) != other.batteries.map(\.name)
      || batteries.map(\.dialect) != other.batteries.map(\.dialect)
      || banks.map(\.name) != other.banks.map(\.name)
  }
}
