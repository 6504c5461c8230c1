// SPDX-License-Identifier: Apache-2.0

import Battery
import Text

extension StatusScreen {
  /// What of a link was not believed, in one line; `nil` where nothing was.
  func trust(_ link: JSONValue) -> String? {
    guard let rejected = link["rejected"], let total = rejected["total"]?.int64, total > 0 else {
      return nil
    }
    let kinds = Objection.Kind.allCases.compactMap { kind in
      rejected["\(kind.name)"]?.int64.map { "\($0) \(kind.name)" }
    }
    return "         "
      + style.dim(
        "\(total) not believed: \(kinds.joined(separator: ", ")); cellbus doctor explains")
  }
}
