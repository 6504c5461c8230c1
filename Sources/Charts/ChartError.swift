// SPDX-License-Identifier: Apache-2.0

/// Why a picture could not be drawn.
package enum ChartError: Error, Equatable, Sendable {
  /// The drawing library refused, mostly for want of memory; its own words.
  case drawing(String)
}

extension ChartError: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    switch self {
    case .drawing(let reason): "the picture cannot be drawn: \(reason)"
    }
  }
}
