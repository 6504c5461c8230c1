// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Text

/// Where programs are to reach a simulated battery, from the command line.
enum DoorOptions {
  /// The port that was asked for; `nil` where none or more than one of `names` was given.
  static func port(_ parsed: Parsed, _ names: [String]) throws(CommandFailure) -> (any BenchPort)? {
    let given = names.filter { parsed.text(ifPresent: $0) != nil }
    guard given.count == 1, let name = given.first else { return nil }
    let text = try parsed.text(name)
    switch name {
    case "pty": return PtyPort(try pty(text))
    case "can": return try can(text)
    case "bytes": return try bytes(text, piece: Int(try parsed.number("piece")))
    default: return try network(UInt16(try parsed.number(name)), isModbus: name == "modbus-tcp")
    }
  }

  /// A pseudo-terminal, with a link to it where a path is given.
  static func pty(_ link: String?) throws(CommandFailure) -> Pty {
    do throws(PtyError) {
      return try Pty(link: link)
    } catch {
      throw CommandFailure("\(error)", .cannotCreate)
    }
  }

  /// A port of the network on this machine.
  static func network(
    _ number: UInt16, isModbus: Bool
  ) throws(CommandFailure) -> any BenchPort {
    do throws(SystemError) {
      return try NetworkPort(port: number, isModbus: isModbus)
    } catch {
      throw CommandFailure("127.0.0.1:\(number): \(error)", .cannotCreate)
    }
  }

  /// A CAN interface of the kernel.
  static func can(_ interface: String) throws(CommandFailure) -> any BenchPort {
    do throws(LinkError) {
      return try CANPort(interface: interface)
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
  }

  /// A socket for programs that play a central.
  static func bytes(_ path: String, piece: Int) throws(CommandFailure) -> any BenchPort {
    do throws(SystemError) {
      return try BytesPort(path: path, piece: piece)
    } catch {
      throw CommandFailure("\(path): \(error)", .cannotCreate)
    }
  }
}
