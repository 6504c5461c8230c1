// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

@Suite struct JBDModuleTests {
  private let basic = hex("dda50300fffd77")

  private func talk(_ design: JBDModuleFace.Design) -> FaceTalk<JBDModuleFace> {
    let state = UnitState.random(4, cells: 4, sensors: 2, alarms: [])
    return FaceTalk(JBDModuleFace(design), JBDFaceTests.dialect, state)
  }

  @Test func nothingPassesBeforeTheLogin() {
    let design = JBDModuleFace.Design()
    var talk = talk(design)
    #expect(talk.ask(basic).isEmpty)
    // A wrong key, the right one, as captured.
    #expect(talk.ask(hex("ffaa15063130303030303c")) == [hex("ffaa15010117")])
    #expect(talk.ask(hex("ffaa15063030303030303b")) == [hex("ffaa15010016")])
    #expect(talk.ask(basic).isEmpty)
    let random = talk.ask(hex("ffaa170017"))
    #expect(random.count == 1 && random[0].count == 6)
    let challenge = random[0][4]
    let wrong = JBDLogin.encode(
      password: Array("000000".utf8), address: design.address, random: challenge)
    #expect(talk.ask(wrong) == [hex("ffaa1801011a")])
    #expect(talk.ask(basic).isEmpty)
    let right = JBDLogin.encode(
      password: design.password, address: design.address, random: challenge)
    #expect(talk.ask(right) == [hex("ffaa18010019")])
    #expect(talk.ask(basic).count == 1)
    let root = JBDLogin.encode(
      password: design.root, address: design.address, random: challenge, isRoot: true)
    #expect(talk.ask(root) == [hex("ffaa1d01001e")])
    #expect(talk.face.isRoot)
    // Who connects anew begins from the start.
    talk.face.connected(at: talk.now)
    #expect(!talk.face.isOpen && !talk.face.isRoot)
    #expect(talk.ask(basic).isEmpty)
  }

  @Test func aModuleWithoutPasswordLetsEverythingPass() {
    var design = JBDModuleFace.Design()
    design.key = []
    design.password = []
    var talk = talk(design)
    #expect(talk.ask(hex("ffaa15063030303030303b")) == [hex("ffaa15010218")])
    talk.piece = 20
    talk.run(5000)
    #expect(talk.live.count > 3)
    for reading in talk.live {
      #expect(JBDFaceTests.truth.differences(reading, talk.state).isEmpty)
    }
  }

  @Test func thePasswordIsChangedByThoseInside() {
    var design = JBDModuleFace.Design()
    design.key = []
    var talk = talk(design)
    #expect(talk.ask(hex("ffaa160631323331323348")) == [hex("ffaa16010118")])
    talk.face.connected(at: talk.now)
    let random = talk.ask(hex("ffaa170017"))[0][4]
    _ = talk.ask(
      JBDLogin.encode(password: design.password, address: design.address, random: random))
    #expect(talk.ask(hex("ffaa160631323331323348")) == [hex("ffaa16010017")])
    talk.face.connected(at: talk.now)
    #expect(!talk.face.isOpen)
    let next = talk.ask(hex("ffaa170017"))[0][4]
    #expect(
      talk.ask(
        JBDLogin.encode(password: Array("123123".utf8), address: design.address, random: next))
        == [hex("ffaa18010019")])
    #expect(talk.face.isOpen)
  }

  @Test func noiseBetweenFramesIsPassedOver() {
    var design = JBDModuleFace.Design()
    design.password = []
    var talk = talk(design)
    #expect(
      talk.ask([0x00, 0x77] + hex("ffaa1506303030303030") + [0x3B]) == [hex("ffaa15010016")])
    // A wrong sum is not answered, and what follows is.
    #expect(talk.ask(hex("ffaa170018")).isEmpty)
    #expect(talk.ask(hex("ffaa170017")).count == 1)
    #expect(talk.ask(basic).count == 1)
  }
}
