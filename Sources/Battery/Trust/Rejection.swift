// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Something that was received and not believed, with its bytes.
public struct Rejection: Sendable {
  /// The most bytes that are kept of an answer, and of the answer beside it.
  public static let longestReply = 256
  /// The most bytes that are kept of a request.
  public static let longestRequest = 64

  /// Why.
  public let objection: Objection
  /// When it came.
  public let at: Tick
  /// What was asked; empty where nobody asked.
  public let request: [UInt8]
  /// What came.
  public let reply: [UInt8]
  /// The last good answer to the same question, for comparison; empty where there is none.
  public let good: [UInt8]

  /// Something rejected; of long bytes the first are kept.
  public init(
    _ objection: Objection, at: Tick, request: [UInt8], reply: [UInt8], good: [UInt8] = []
  ) {
    self.objection = objection
    self.at = at
    self.request = Self.cut(request, Self.longestRequest)
    self.reply = Self.cut(reply, Self.longestReply)
    self.good = Self.cut(good, Self.longestReply)
  }

  private static func cut(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    bytes.count <= count ? bytes : Array(bytes[..<count])
  }
}

/// What was not believed: how much of each kind, and the newest with their bytes.
public struct Rejections: Sendable {
  /// How many are kept with their bytes.
  public static let capacity = 32

  private var counts: [10 of UInt64] = .init(repeating: 0)
  private var ring: [Rejection] = []
  private var oldest = 0

  /// None yet.
  public init() {}

  /// How many there were of a kind.
  public subscript(kind: Objection.Kind) -> UInt64 { counts[Int(kind.rawValue)] }

  /// How many there were in all.
  public var total: UInt64 {
    var sum: UInt64 = 0
    for kind in Objection.Kind.allCases { sum += self[kind] }
    return sum
  }

  /// The newest, the oldest of them first.
  public var newest: [Rejection] { Array(ring[oldest...] + ring[..<oldest]) }

  /// Counts one and keeps it in place of the oldest.
  public mutating func note(_ rejection: Rejection) {
    counts[Int(rejection.objection.kind.rawValue)] += 1
    if ring.count < Self.capacity {
      ring.append(rejection)
    } else {
      ring[oldest] = rejection
      oldest = (oldest + 1) % Self.capacity
    }
  }
}
