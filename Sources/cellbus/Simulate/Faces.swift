// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Simulation

extension Face {
  /// Every language that the simulator speaks, in the order in which people are shown them: a name, and
  /// how a battery that speaks it is made.
  static let all: [Face] = [
    Face("tinybms", cells: 16) { $0.rig },
    Face("daly-a5") { wish in
      FacedRig(
        wish.rig,
        face: DalyA5Face(wish.daly, settings: DalySettings(wish.scenario), seed: wish.seed))
    },
    Face("daly-d2") { FacedRig($0.rig, face: ModbusFace.dalyD2()) },
    Face("daly-81") { FacedRig($0.rig, face: ModbusFace.daly81(board: $0.options.address ?? 1)) },
    Face("daly-can") { wish in
      FacedRig(
        wish.rig,
        face: DalyCANFace(wish.daly, settings: DalySettings(wish.scenario), seed: wish.seed))
    },
    Face("daly-can-hkms") { FacedRig($0.rig, face: DalyHKMSFace($0.daly, seed: $0.seed)) },
    Face("daly-sinowealth", cells: DalySinowealthFace.cells) {
      FacedRig($0.rig, face: DalySinowealthFace(seed: $0.seed))
    },
    Face("jbd", cells: 32) { FacedRig($0.rig, face: $0.jbd) },
    Face("jbd-ffaa", cells: 32) {
      FacedRig($0.rig, face: JBDModuleFace($0.jbdModule, board: $0.jbd, seed: $0.seed))
    },
    Face("jbd-up", cells: 24) { FacedRig($0.rig, face: JBDUpFace($0.jbdUp, seed: $0.seed)) },
    Face("pylontech-rs485") { wish in
      FacedRig(wish.rig, face: PylontechFace(address: wish.address(usual: 2)))
    },
    Face("seplos-v2") { FacedRig($0.rig, face: SeplosV2Face(address: $0.address(usual: 0))) },
    Face("seplos-v3") { FacedRig($0.rig, face: SeplosV3Face(address: $0.address(usual: 0))) },
    Face("ve-direct") { FacedRig($0.rig, face: VEDirectFace()) },
    Face("discover-can") { FacedRig($0.rig, face: DiscoverFace()) },
    Face("jk-ble", cells: 32) { FacedRig($0.rig, face: JKBLEFace($0.jk)) },
    Face("jk-uart", cells: 32) { FacedRig($0.rig, face: JKUARTFace($0.jk)) },
    Face("jk-can", cells: 32) { FacedRig($0.rig, face: JKCANFace($0.jk)) },
    Face("jk-pb", cells: 32) { FacedRig($0.rig, face: JKPBFace($0.jk)) },
    Face("jk-modbus", cells: 32) { wish in
      FacedRig(wish.rig, face: ModbusFace.jkModbus(unit: wish.address(usual: 1)))
    },
  ]
}

// What the wishes of the command line mean to each family.

extension FaceWish {
  /// The number on a bus that was asked for, or the usual one.
  fileprivate func address(usual: UInt8) -> UInt8 { options.address ?? usual }

  fileprivate var jk: JKDesign {
    var design = JKDesign()
    design.address = address(usual: 1)
    design.invertsCurrent = options.invertsCurrent
    design.hasMoreSensors = true
    return design
  }

  fileprivate var daly: DalyDesign {
    var design = DalyDesign()
    design.board = min(0x1F, max(1, options.address ?? 1))
    design.invertsCurrent = options.invertsCurrent
    return design
  }

  fileprivate var jbd: JBDFace {
    var design = JBDDesign()
    // Charges beyond 655.35 Ah do not fit into the fine steps.
    design.isCoarse = scenario.pack.cell.capacity > 655
    let digits = options.password.filter { (0x30...0x39).contains($0) }
    if digits.count == 6, digits.count == options.password.count {
      design.password = digits.map { $0 - 0x30 }
    }
    return JBDFace(
      design, memory: JBDMemory(scenario, isCoarse: design.isCoarse), seed: seed)
  }

  fileprivate var jbdModule: JBDModuleFace.Design {
    var design = JBDModuleFace.Design()
    if !options.password.isEmpty { design.password = options.password }
    if options.module.count == 6 { design.address = options.module }
    return design
  }

  fileprivate var jbdUp: JBDUpFace.Design {
    var design = JBDUpFace.Design()
    design.address = options.address ?? 1
    let hours = scenario.pack.cell.capacity
    design.nominal = Charge(raw: Int64((hours * 1000).rounded()))
    return design
  }
}
