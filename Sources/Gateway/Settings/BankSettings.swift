// SPDX-License-Identifier: Apache-2.0

package import Battery
package import Packs
import Quantities

/// Many batteries that are one to an inverter.
package struct BankSettings: Sendable, Hashable {
  /// One place in it.
  package enum Place: Sendable, Hashable {
    /// A battery, by its name.
    case battery(String)
    /// Several batteries that are joined in their own way first.
    case group(Joint, [String])
  }

  /// How batteries are joined.
  package enum Joint: Sendable, Hashable {
    /// Plus to plus.
    case parallel
    /// Plus to minus.
    case series
  }

  /// A value that another battery tells in place of the packs.
  package struct Source: Sendable, Hashable {
    /// The value.
    package var point: Point
    /// The battery.
    package var battery: String
  }

  /// The name by which inverters, the history and the log call it.
  package var name = ""
  /// How its members are joined.
  package var arrangement = Joint.parallel
  /// What is joined.
  package var members: [Place] = []
  /// What the owner lays down for it.
  package var terms = BankTerms()
  /// Values that another battery tells, in the order of the points.
  package var sources: [Source] = []

  /// A bank of nothing.
  package init() {}
}

extension BankSettings {
  /// The names of its batteries, in the order of its packs.
  package var memberNames: [String] {
    members.flatMap { place in
      switch place {
      case .battery(let name): [name]
      case .group(_, let names): names
      }
    }
  }

  /// How its packs are joined.
  package var wiring: Wiring {
    var next = 0
    func pack() -> Wiring {
      defer { next += 1 }
      return .pack(next)
    }
    let parts = members.map { place in
      switch place {
      case .battery: pack()
      case .group(let joint, let names): joint.wiring(names.map { _ in pack() })
      }
    }
    return arrangement.wiring(parts)
  }

  /// How its packs are joined, in words, such as `parallel of series`.
  package var arrangementText: String {
    let inner = members.compactMap { place in
      if case .group(let joint, _) = place { joint } else { nil }
    }
    let words = [arrangement] + (inner.first.map { [$0] } ?? [])
    return words.map { $0 == .parallel ? "parallel" : "series" }.joined(separator: " of ")
  }
}

extension BankSettings.Joint {
  fileprivate func wiring(_ parts: [Wiring]) -> Wiring {
    self == .parallel ? .parallel(parts) : .series(parts)
  }
}
