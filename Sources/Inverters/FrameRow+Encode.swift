// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension FrameRow {
  /// What it says of a picture; `nil` when it has nothing to say.
  ///
  /// A field that is not known holds its mark. Where it has none the frame ends before it, and where it
  /// cannot end there it is not sent. It also ends before its last fields where none of them is known.
  func frame(_ picture: InverterPicture, _ profile: InverterProfile) -> CANFrame? {
    var bytes: UInt64 = 0
    var end = length
    /// A bit for each byte at which a field begins that is known.
    var known: UInt8 = 0
    for field in fields {
      let bits = field.bits(picture, profile)
      guard let content = bits ?? field.mark else {
        guard let cut = ends.last(where: { $0 <= field.offset }) else { return nil }
        end = cut
        break
      }
      bytes |= content << UInt64(field.offset * 8)
      if bits != nil { known |= 1 << field.offset }
    }
    guard known != 0 || isConstant else { return nil }
    for cut in ends where cut < end && known >> cut == 0 {
      end = cut
      break
    }
    return CANFrame(id: id, bytes: bytes, count: Int(end))
  }
}
