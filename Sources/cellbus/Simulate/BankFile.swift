// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Simulation
import Text
import Wire

/// The file of `cellbus simulate bank`.
struct BankFile {
  /// One battery of the bank.
  struct Member {
    var name: String
    var face: Face
    var place: Place
    var piece = 20
    var options = DialectOptions()
    var cells: Int?
    var capacity: Double?
    var soc: Double?
    var socError = Percent.zero
    var resistance = 1.0
    var faults: [FaultWindow] = []
  }

  /// Where programs reach a battery; those at one place share a line.
  enum Place: Hashable {
    case pty(String), tcp(UInt16), can(String), bytes(String)
  }

  var scenario = Scenario.house
  var seed: UInt64 = 1
  var speed: Int64 = 1
  var isParallel = true
  var members: [Member] = []

  init(_ root: JSONValue) throws(JSONError) {
    for member in root.members ?? [] {
      let value = member.value
      switch member.key {
      case "scenario":
        guard let found = value.string.flatMap(Scenario.named) else {
          let names = Scenario.all.map { "\($0.name)" }.joined(separator: ", ")
          throw value.fault(expected: "one of \(names)")
        }
        scenario = found
      case "seed": seed = UInt64(try Self.whole(value, 0...Int64.max))
      case "speed": speed = try Self.whole(value, 1...100)
      case "parallel":
        guard let flag = value.bool else { throw value.fault(expected: "true or false") }
        isParallel = flag
      case "batteries":
        for entry in value.array ?? [] { members.append(try Self.member(entry)) }
      default: throw JSONError(at: member.keyPosition, "the key \(member.key) is not known here")
      }
    }
    guard !members.isEmpty else { throw root.fault(expected: "an object with a list batteries") }
    try check(root)
  }

  /// Names and numbers of which there may be one only.
  private func check(_ root: JSONValue) throws(JSONError) {
    var names: Set<String> = []
    var places: [Place: (face: String, addresses: Set<UInt8>)] = [:]
    for member in members {
      guard names.insert(member.name).inserted else {
        throw JSONError(at: root.position, "two batteries are called \(member.name)")
      }
      let name = "\(member.face.name)"
      let address = member.options.address ?? 1
      guard let known = places[member.place] else {
        places[member.place] = (name, [address])
        continue
      }
      guard member.place != .tcp(0) else { continue }
      guard known.face == name, !known.addresses.contains(address) else {
        throw JSONError(
          at: root.position,
          "\(member.name): batteries on one line speak one language and have an address each")
      }
      places[member.place]?.addresses.insert(address)
    }
  }

  private static func member(_ entry: JSONValue) throws(JSONError) -> Member {
    guard entry.members != nil else { throw entry.fault(expected: "an object for a battery") }
    guard let name = entry["name"]?.string, !name.isEmpty else {
      throw entry.fault(expected: "a battery with a name")
    }
    guard let dialect = entry["dialect"], let face = dialect.string.flatMap(Face.named) else {
      let names = Face.all.map { "\($0.name)" }.joined(separator: ", ")
      throw (entry["dialect"] ?? entry).fault(expected: "a dialect: one of \(names)")
    }
    var member = Member(name: name, face: face, place: try place(entry, face))
    for part in entry.members ?? [] { try take(part, face, &member) }
    return member
  }

  private static func place(_ entry: JSONValue, _ face: Face) throws(JSONError) -> Place {
    var places: [Place] = []
    if let path = entry["pty"]?.string { places.append(.pty(path)) }
    if let port = entry["tcp"] { places.append(.tcp(UInt16(try whole(port, 0...65_535)))) }
    if let name = entry["can"]?.string { places.append(.can(name)) }
    if let path = entry["bytes"]?.string { places.append(.bytes(path)) }
    guard places.count == 1, let place = places.first else {
      throw entry.fault(expected: "a battery with one of pty, tcp, can and bytes")
    }
    switch place {
    case .can where !face.isOnCAN, .tcp where face.isOnCAN, .bytes where !face.hasRadio:
      throw entry.fault(expected: "a place at which a \(face.name) can be reached")
    default: return place
    }
  }

  private static func take(
    _ part: JSONMember, _ face: Face, _ member: inout Member
  ) throws(JSONError) {
    let value = part.value
    switch part.key {
    case "name", "dialect", "pty", "tcp", "can", "bytes": break
    case "piece": member.piece = Int(try whole(value, 1...512))
    case "address": member.options.address = UInt8(try whole(value, 1...255))
    case "cells": member.cells = Int(try whole(value, 1...Int64(face.cells)))
    case "capacity_ah": member.capacity = try decimal(value, 1...5000)
    case "soc_pct": member.soc = try decimal(value, 0...100) / 100
    case "soc_error_pct":
      member.socError = .micropercent(Int64((try decimal(value, -100...100) * 1_000_000).rounded()))
    case "resistance": member.resistance = try decimal(value, 0.1...100)
    case "inverts_current":
      guard let flag = value.bool else { throw value.fault(expected: "true or false") }
      member.options.invertsCurrent = flag
    case "password":
      guard let text = value.string else { throw value.fault(expected: "a text") }
      member.options.password = Array(text.utf8)
    case "module":
      let text = value.string ?? ""
      guard let bytes = Hex.bytes(text.utf8.filter { $0 != UInt8(ascii: ":") }), bytes.count == 6
      else { throw value.fault(expected: "an address of six bytes in hexadecimal") }
      member.options.module = bytes
    case "faults":
      for fault in value.array ?? [] {
        guard let text = fault.string, let window = try? SimulateCommand.window(text) else {
          throw fault.fault(expected: "a fault such as \"silent@10s-30s\"")
        }
        member.faults.append(window)
      }
    default: throw JSONError(at: part.keyPosition, "the key \(part.key) is not known here")
    }
  }

  private static func whole(
    _ value: JSONValue, _ range: ClosedRange<Int64>
  ) throws(JSONError) -> Int64 {
    guard let number = value.int64, range.contains(number) else {
      throw value.fault(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func decimal(
    _ value: JSONValue, _ range: ClosedRange<Double>
  ) throws(JSONError) -> Double {
    guard let steps = value.decimal(places: 6), range.contains(Double(steps) / 1_000_000) else {
      let ends = [range.lowerBound, range.upperBound].map {
        Decimal.string(Int64(($0 * 10).rounded()), decimals: 1)
      }
      throw value.fault(expected: "a number from \(ends[0]) to \(ends[1])")
    }
    return Double(steps) / 1_000_000
  }
}
