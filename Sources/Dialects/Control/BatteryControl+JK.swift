// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// A board acknowledges little and may be held open by a protection, so that an order is seen carried out
// where it tells the setting as ordered and its switch follows. None has an order for the state of charge.

extension BatteryControl {
  /// A JK board on its display port.
  static func jkUART(_ options: DialectOptions) -> BatteryControl {
    jk(.jkUART(options), "balancer_switch") { name, isOn, _ in
      guard let row = JKUART.row(name) else { return .refused(.unknown) }
      return .requests(
        [JKUART.writing(row, isOn)], nil,
        .told(JKUART.question) { frame in
          guard let body = try? JKUART.body(frame.span, JKUART.question) else { return false }
          return JKTags(body).raw(row) == isOn
        })
    }
  }

  /// A JK board of the PB series, by triggers.
  static func jkPB(_ options: DialectOptions) -> BatteryControl {
    let unit = options.address ?? 1
    return jk(.jkPB(options), "balancer_switch") { name, isOn, _ in
      guard let setting = JK.setting(name) else { return .refused(.unknown) }
      let register = setting.row.address + JKWords.distance
      return .requests(
        [unheard(JKWords.writing(unit, register, UInt32(isOn)))], nil,
        .told(JKPB.ask(unit, JKPB.Trigger.settings)) { answer in
          guard let frame = try? JKPB.frame(answer.span, nil) else { return false }
          return frame.kind == JK.Kind.settings && setting.raw(frame) == isOn
        })
    }
  }

  /// A JK board of the PB series, by Modbus.
  static func jkModbus(_ options: DialectOptions) -> BatteryControl {
    let unit = JKModbus.unit(of: options)
    let map = JKModbus.map(unit: unit)
    return jk(.jkModbus(options), "balancer_switch_setting") { name, isOn, _ in
      guard let setting = JK.setting(name) else { return .refused(.unknown) }
      let register = setting.row.address + JKWords.distance
      let question = map.question(.init(register, 2))
      return .requests(
        [unheard(JKWords.writing(unit, register, UInt32(isOn)))], nil,
        .told(question) { frame in
          (try? ModbusRTU.data(frame.span, question)) == [0, 0, 0, UInt8(isOn)]
        })
    }
  }

  /// A JK board by its Bluetooth module, of which it must be known which kind it is.
  static func jkBLE(_ options: DialectOptions) -> BatteryControl {
    jk(.jkBLE(options), "balancer_switch") { name, isOn, sight in
      do throws(JKRefusal) {
        let write = try JKWrite(name, isOn, knowing: sight.facts)
        return .requests(
          [write.request], nil,
          .told(JKBLE.ask(JK.Command.settings)) { write.isTaken($0) == true })
      } catch {
        return .refused(error == .layoutUnknown ? .untold("which kind of board it is") : .unknown)
      }
    }
  }

  /// A board whose switches are ordered by name, and whose balancer is a setting.
  private static func jk(
    _ dialect: Dialect, _ balancer: StaticString,
    _ way: @escaping @Sendable (String, Int64, ControlSight) -> ControlWay
  ) -> BatteryControl {
    BatteryControl(dialect, [.charge, .discharge, .balance]) { order, sight, _ in
      switch order {
      case .charge(let isOn): way("charge_switch", isOn ? 1 : 0, sight)
      case .discharge(let isOn): way("discharge_switch", isOn ? 1 : 0, sight)
      case .balance(let isOn): .setting(balancer, isOn ? 1 : 0)
      case .soc, .restart: .refused(.unknown)
      }
    }
  }

  /// A write whose acknowledgement is not waited for: the live language does not know it, and the board
  /// tells the setting afterwards.
  private static func unheard(_ request: Request) -> Request {
    var request = request
    request.isAnswered = false
    return request
  }
}
