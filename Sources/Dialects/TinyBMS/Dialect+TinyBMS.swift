// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Dialect {
  /// Enepaq and Energus TinyBMS s516.
  public static let tinyBMS = Dialect(
    name: "tinybms", title: "Enepaq TinyBMS", maker: "Enepaq",
    summary: "Enepaq and Energus TinyBMS s516, 4 to 16 cells, on its serial port.",
    provenance: .captured,
    doors: [.uart(baud: TinyBMS.baud), .modbusTCP(unit: Int(TinyBMS.start))],
    registers: TinyBMS.registers, keys: TinyBMS.keys, polls: TinyBMS.Plan.all,
    wake: TinyBMS.wake,
    modbusWake: TinyBMS.modbusWake, tellsCutoffs: true, trust: Trust(.crc16),
    transientCodes: [TinyBMS.checksumError], scan: TinyBMS.scan,
    read: TinyBMS.read,
    statusName: { code in UInt16(exactly: code).flatMap(TinyBMS.statusName) },
    explain: { request, chunks, _ in TinyBMS.explain(request, chunks) })
}
