// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Testing
import Wire

/// What batteries sent, read and sent again by Cellbus: the same bytes, save where it has a reason.
@Suite("Captured cycles sent again") struct ReencodeTests {
  /// A frame that Cellbus sends otherwise than the battery did, and why.
  struct Difference: Sendable {
    let vector: String
    let id: UInt32
    /// What Cellbus sends; `nil` when it sends no such frame.
    let sent: String?
    let why: String
  }

  static let snapshots = [
    "victron-shenergy-snapshot", "victron-byd-lvs-snapshot", "victron-rec-q-snapshot",
    "victron-pytes-ess48-351",
  ]

  static let differences: [Difference] = [
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x356, sent: "356#6114D3FEEB000000",
      why: "bytes 6-7 are outside the definition"),
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x35A, sent: "35A#AAAAAA02AAAAAA0A",
      why: "byte 7 bits 2-3: Cellbus tells that the battery is online"),
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x374, sent: nil, why: "a pack's name, no cell"),
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x375, sent: nil, why: "a pack's name, no cell"),
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x376, sent: nil, why: "a pack's name, no sensor"),
    Difference(
      vector: "victron-shenergy-snapshot", id: 0x377, sent: nil, why: "a pack's name, no sensor"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x35A, sent: "35A#AAAAAA02AAAAAA0A",
      why: "bytes 3 and 7: reserved pairs stay 0"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x35B, sent: nil, why: "no events: all zero"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x355, sent: "355#430064002C1A0000",
      why: "bytes 4-5: the fine state of charge is always filled"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x372, sent: "372#0100000000000000",
      why: "one battery is one module"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x374, sent: "374#4330320000000000",
      why: "a module's number; Cellbus tells a cell's"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x375, sent: "375#4330320000000000",
      why: "a module's number; Cellbus tells a cell's"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x376, sent: nil,
      why: "a module's number without the sensors themselves"),
    Difference(
      vector: "victron-byd-lvs-snapshot", id: 0x377, sent: nil,
      why: "a module's number without the sensors themselves"),
    Difference(
      vector: "victron-rec-q-snapshot", id: 0x355, sent: "355#3200640088130000", why: "8 bytes"),
    Difference(
      vector: "victron-rec-q-snapshot", id: 0x356, sent: "356#320A000027010000", why: "8 bytes"),
    Difference(
      vector: "victron-rec-q-snapshot", id: 0x35A, sent: "35A#A8A08202A8A0820A",
      why: "each supported pair as alarm and as warning, where the REC has some as one only"),
  ]

  @Test("byte for byte", arguments: snapshots)
  func sameBytes(_ name: String) throws {
    let vector = try #require(Vector.named(name))
    #expect(vector.isCaptured)
    var whole = VictronReading()
    for frame in vector.frames { try Victron.decode(frame, into: &whole) }
    for captured in vector.frames {
      let sent = try resend(captured, identity: whole)
      let difference = Self.differences.first { $0.vector == name && $0.id == captured.id }
      if let difference {
        #expect(sent?.description == difference.sent, "\(difference.why)")
        #expect(sent != captured, "no longer a difference: \(difference.why)")
      } else {
        #expect(sent == captured)
      }
    }
  }

  @Test func everyDifferenceIsOfACapturedFrame() throws {
    for difference in Self.differences {
      let vector = try #require(Vector.named(difference.vector))
      #expect(vector.frames.contains { $0.id == difference.id })
    }
  }

  /// What Cellbus sends under the identifier of a captured frame, knowing what that frame alone said.
  private func resend(_ captured: CANFrame, identity whole: VictronReading) throws -> CANFrame? {
    var said = VictronReading()
    try Victron.decode(captured, into: &said)
    var reading = said.reading
    reading.identity = whole.reading.identity
    if let fine = said.fineCharge { reading.set(.soc, fine) }
    if let capacity = said.onlineCapacity { reading.set(.full, capacity) }
    if let blocking = said.modules.blockingCharge { reading[.chargeEnabled] = blocking > 0 ? 0 : 1 }
    if let blocking = said.modules.blockingDischarge {
      reading[.dischargeEnabled] = blocking > 0 ? 0 : 1
    }
    if let general = said.generalAlarm {
      #expect(!general)
      reading.reportable.formUnion(.of(.socLow))
    }
    reading[.cellMinNumber] = said.lowestCell.flatMap { Int64($0.string) }
    reading[.cellMaxNumber] = said.highestCell.flatMap { Int64($0.string) }
    let identity = InverterIdentity(
      manufacturer: whole.reading.identity.manufacturer ?? Label(), family: whole.family ?? Label(),
      product: said.product ?? 0)
    let picture = Pictures.picture(
      reading, limits: limits(reading), identity: identity, chargeRequested: said.chargeRequested)
    return Victron.encode(picture).first(captured.id)
  }

  private func limits(_ reading: Reading) -> Limits? {
    guard let voltage = reading[.chargeVoltageLimit], let charge = reading[.chargeCurrentLimit],
      let discharge = reading[.dischargeCurrentLimit], let floor = reading[.dischargeVoltageLimit]
    else { return nil }
    var limits = Pictures.limits(
      charge: Int(voltage), Int(charge), discharging: Int(discharge))
    limits.dischargeVoltage = .millivolts(floor)
    return limits
  }
}
