// SPDX-License-Identifier: Apache-2.0

package import Battery
import Quantities

extension Reading {
  /// The reading that an object tells under the names of Cellbus's JSON; names it does not know are left.
  ///
  /// - Throws: a fault with its place where a value is not of its name's kind.
  package init(json: JSONValue) throws(JSONError) {
    self.init()
    guard let members = json.members else { throw json.fault(expected: "an object with a reading") }
    for member in members { try take(member) }
  }

  private mutating func take(_ member: JSONMember) throws(JSONError) {
    let value = member.value
    if let point = Point(name: member.key.utf8) {
      guard !value.isNull else { return }
      self[point] = try value.steps(of: point)
      return
    }
    switch member.key {
    case "cell_voltages_v":
      for cell in try value.elements() {
        cells.append(
          CellVoltage(
            clamping: try cell.number(places: CellVoltageScale.decimals, "a number of volts")))
      }
    case "temperatures_c":
      for sensor in try value.elements() {
        guard !sensor.isNull else {
          temperatures.append(nil)
          continue
        }
        let steps = try sensor.number(
          places: TemperatureScale.decimals, "a number of degrees or null")
        temperatures.append(Temperature(clamping: steps))
      }
    case "balancing_cells":
      cells.reportsBalancing = true
      for index in try value.elements() {
        guard let bit = index.int64, (0..<64).contains(bit) else {
          throw index.fault(expected: "a cell from 0 to 63")
        }
        cells.balancing |= 1 << UInt64(bit)
      }
    case "alarms": alarms = try value.alarmSet(); reportsAlarms = true
    case "warnings": warnings = try value.alarmSet(); reportsAlarms = true
    case "serial": identity.serial = try value.label()
    case "model": identity.model = try value.label()
    case "manufacturer": identity.manufacturer = try value.label()
    case "firmware": identity.firmware = try value.label()
    case "hardware": identity.hardware = try value.label()
    default: break
    }
  }
}

extension JSONValue {
  fileprivate func steps(of point: Point) throws(JSONError) -> Int64 {
    if point.kind == .flag {
      guard let flag = bool else { throw fault(expected: "true or false") }
      return flag ? 1 : 0
    }
    let unit = "\(point.kind.unit)"
    return try number(
      places: point.kind.decimals, unit.isEmpty ? "a number" : "a number of \(unit)")
  }

  fileprivate func number(places: Int, _ what: String) throws(JSONError) -> Int64 {
    guard let steps = decimal(places: places) else { throw fault(expected: what) }
    return steps
  }

  fileprivate func elements() throws(JSONError) -> [JSONValue] {
    guard let array else { throw fault(expected: "a list") }
    return array
  }

  fileprivate func alarmSet() throws(JSONError) -> AlarmSet {
    var set: AlarmSet = []
    for name in try elements() {
      guard let text = name.string, let alarm = Alarm(name: text.utf8) else {
        throw name.fault(expected: "the name of an alarm")
      }
      set.formUnion(AlarmSet(alarm))
    }
    return set
  }

  fileprivate func label() throws(JSONError) -> Label? {
    if isNull { return nil }
    guard let string else { throw fault(expected: "a text") }
    return Label(string.utf8)
  }
}
