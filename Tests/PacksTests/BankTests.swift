// SPDX-License-Identifier: Apache-2.0
import Packs
import Testing

@Suite("Banks")
struct BankTests {
  @Test("A wiring counts its packs")
  func count() {
    #expect(Wiring.series([.parallel([.pack(0), .pack(1)]), .pack(2)]).count == 3)
  }
}
