// SPDX-License-Identifier: Apache-2.0
import Quantities
import Simulation
import Testing
import Wire

struct ModbusGatewayTests {
  private let question: [UInt8] = [0, 7, 0, 0, 0, 6, 0xAA, 0x03, 0, 50, 0, 1]
  private let frame = Self.sealed([0xAA, 0x03, 0, 50, 0, 1])
  private let answer = Self.sealed([0xAA, 0x03, 2, 0, 0x97])

  private static func sealed(_ body: [UInt8]) -> [UInt8] {
    var bytes = body
    bytes.appendLittle(Checksum.crc16Modbus(body.span))
    return bytes
  }

  @Test func passesARequestOnAndItsAnswerBack() {
    var gateway = SimulatedModbusGateway()
    for byte in question { gateway.received([byte].span, from: 3) }
    #expect(gateway.next(at: Tick(0)) == .line(frame))
    #expect(gateway.next(at: Tick(0)) == .wait(until: Tick(SimulatedModbusGateway.timeout)))
    // Text of the unit comes before its answer, which comes in pieces.
    gateway.lineReceived([0x42, 0xAA].span)
    for byte in answer { gateway.lineReceived([byte].span) }
    #expect(
      gateway.next(at: Tick(9)) == .reply(client: 3, [0, 7, 0, 0, 0, 5, 0xAA, 0x03, 2, 0, 0x97]))
    #expect(gateway.next(at: Tick(9)) == .wait(until: .never))
  }

  @Test func whatIsNotAnsweredIsException11() {
    var gateway = SimulatedModbusGateway()
    gateway.received(question.span, from: 1)
    _ = gateway.next(at: Tick(0))
    // The unit's own refusal is no Modbus.
    gateway.lineReceived(Self.sealed([0xAA, 0, 0x03, 0]).span)
    var wrong = answer
    wrong[4] ^= 1
    gateway.lineReceived(wrong.span)
    #expect(gateway.next(at: Tick(999)) == .wait(until: Tick(1000)))
    #expect(
      gateway.next(at: Tick(1000)) == .reply(client: 1, [0, 7, 0, 0, 0, 3, 0xAA, 0x83, 11]))
    // It is over: a late answer is not passed on.
    gateway.lineReceived(answer.span)
    #expect(gateway.next(at: Tick(1001)) == .wait(until: .never))
  }

  @Test func requestsWaitTheirTurnAndClientsMayLeave() {
    var gateway = SimulatedModbusGateway()
    for client in 1...3 { gateway.received(question.span, from: client) }
    #expect(gateway.next(at: Tick(0)) == .line(frame))
    gateway.left(2)
    gateway.lineReceived(answer.span)
    guard case .reply(client: 1, _) = gateway.next(at: Tick(1)) else {
      Issue.record("the first is not answered")
      return
    }
    #expect(gateway.next(at: Tick(1)) == .line(frame))
    gateway.lineReceived(answer.span)
    guard case .reply(client: 3, _) = gateway.next(at: Tick(2)) else {
      Issue.record("the third is not answered")
      return
    }
  }

  @Test func refusesWhatItCannotCarry() {
    var gateway = SimulatedModbusGateway()
    gateway.received([0, 1, 0, 0, 0, 3, 0xAA, 0x18, 0].span, from: 1)
    #expect(gateway.next(at: Tick(0)) == .reply(client: 1, [0, 1, 0, 0, 0, 3, 0xAA, 0x98, 1]))
    gateway.received([0, 1, 0, 0, 9, 9].span, from: 1)
    #expect(gateway.next(at: Tick(0)) == .hangUp(client: 1))
    for _ in 0...SimulatedModbusGateway.mostWaiting + 1 { gateway.received(question.span, from: 2) }
    #expect(gateway.next(at: Tick(0)) == .reply(client: 2, [0, 7, 0, 0, 0, 3, 0xAA, 0x83, 6]))
  }
}
