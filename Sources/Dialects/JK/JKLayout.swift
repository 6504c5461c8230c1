// SPDX-License-Identifier: Apache-2.0

import Battery

/// The three forms in which JK boards lay their values out; which one a board speaks decides what its
/// registers mean.
public enum JKLayout: UInt8, CaseIterable, Sendable {
  /// The first boards, such as JK-B2A16S with software 3.x: IEEE numbers, neither current nor charge.
  case jk04 = 1
  /// Up to 24 cells, software up to 10.x.
  case jk24
  /// Up to 32 cells, software from 11 on.
  case jk32

  /// The name in JSON.
  public var name: StaticString {
    switch self {
    case .jk04: "jk04"
    case .jk24: "jk02_24s"
    case .jk32: "jk02_32s"
    }
  }

  /// The most cells that it has room for.
  public var capacity: Int { self == .jk32 ? 32 : 24 }

  /// The form with a name; `nil` where there is none.
  public init?(name: some Sequence<UInt8>) {
    for layout in Self.allCases where layout.name.hasBytes(name) {
      self = layout
      return
    }
    return nil
  }

  /// The form of a board by its model and software as the device frame tells them; `nil` where the
  /// version is no number.
  ///
  /// From version 11 on a board has the form of 32 cells. Boards of version 3 speak the first form, and so does
  /// the JK-B5A24S, whatever its version.
  public init?(model: some Sequence<UInt8>, software: some Sequence<UInt8>) {
    var major: Int?
    for byte in software {
      guard (0x30...0x39).contains(byte), (major ?? 0) < 1000 else { break }
      major = (major ?? 0) * 10 + Int(byte - 0x30)
    }
    guard let major, major > 0 else { return nil }
    let isFirst = Array(model).starts(with: Array("JK-B5A24S".utf8))
    if major < 4 || isFirst {
      self = .jk04
    } else {
      self = major >= 11 ? .jk32 : .jk24
    }
  }

  /// What is added to the offsets that the 24-cell form has behind its cells.
  var afterCells: Int { self == .jk32 ? 16 : 0 }
  /// The same behind its resistances of wires.
  var afterWires: Int { self == .jk32 ? 32 : 0 }

  /// The form of a frame of cells, by what only one of them makes sense of; `nil` where none or several
  /// do.
  ///
  /// The mask of cells is an unbroken row of ones from the first cell on, and the cells under it add up to the
  /// voltage of the pack.
  static func recognize(_ frame: JKFrame) -> JKLayout? {
    var found: JKLayout?
    for layout in allCases {
      let fits = layout == .jk04 ? JK04.fits(frame) : layout.fits(frame)
      guard fits else { continue }
      guard found == nil else { return nil }
      found = layout
    }
    return found
  }

  /// How many cells a mask names; `nil` where it is no unbroken row of ones.
  static func count(_ mask: UInt32) -> Int? {
    mask != 0 && mask & (mask &+ 1) == 0 ? mask.nonzeroBitCount : nil
  }

  /// How many cells a frame of this form names.
  func cellCount(_ frame: JKFrame) -> Int? {
    Self.count(frame.double(54 + afterCells)).flatMap { $0 <= capacity ? $0 : nil }
  }

  private func fits(_ frame: JKFrame) -> Bool {
    guard let count = cellCount(frame) else { return false }
    var sum = 0
    var connected = 0
    for index in 0..<capacity {
      let cell = Int(frame.word(6 + 2 * index))
      guard index < count ? JKCells.isPossible(cell) : cell == 0 else { return false }
      if cell > 0 { connected += 1 }
      sum += cell
    }
    // The board's own average is of the same moment; captures are never 3 mV apart.
    let average = Int(frame.word(58 + afterCells))
    guard connected > 0, abs(average * connected - sum) <= 5 * connected else { return false }
    let voltage = Int64(frame.double(118 + afterWires))
    let margin = voltage / 20 + 100
    // A cell input that is not connected reads 0 and is missing from the sum.
    let whole = Int64(sum)
    return whole <= voltage + margin && (connected < count || whole >= voltage - margin)
  }
}
