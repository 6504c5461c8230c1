// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Text
import Wire

/// Other people's programs doing the same, from the Python environment that `make setup` makes.
enum Peer {
  /// The interpreter; `nil` where there is none.
  static let python: String? = {
    let candidates = [".venv/bin/python3", Program.directory + "/../../../.venv/bin/python3"]
    return candidates.first { unsafe access($0, X_OK) == 0 }
  }()

  /// What to say where a package is not there.
  static func missing(_ package: String) -> String {
    "NOT COMPARED with Python: no .venv/bin/python3 with \(package) here; `make setup` makes one."
  }

  /// Runs a script that prints one number a line, with lines on its standard input.
  ///
  /// - Returns: the numbers, or `nil` where Python or a package is missing.
  static func rates(_ script: String, input: [String]) throws(CommandFailure) -> [Double]? {
    guard let python else { return nil }
    return try rates([python, "-c", script], input: input)
  }

  /// The same of any program.
  static func rates(_ command: [String], input: [String]) throws(CommandFailure) -> [Double]? {
    do throws(SystemError) {
      let process = try ChildProcess(
        command, input: .pipe, output: .pipe, error: .discarded)
      for line in input {
        var bytes = Array((line + "\n").utf8)
        while !bytes.isEmpty { bytes.removeFirst(try process.write(bytes)) }
      }
      process.closeInput()
      var output: [UInt8] = []
      while try process.read(.output, into: &output) != 0 {
        if let number = process.descriptor(of: .output) {
          guard try waitReadable([number], milliseconds: 60_000) else { return nil }
        }
      }
      guard case .status(let status)? = process.wait(milliseconds: 5000) else { return nil }
      // A script that does not find its package ends with 3.
      guard status == 0 else { return nil }
      return output.split(separator: 10).compactMap { Double(String(decoding: $0, as: UTF8.self)) }
    } catch {
      throw CommandFailure("Python cannot be run: \(error)", .failed)
    }
  }

  /// Live blocks per second through pymodbus's framer and `struct`.
  static func decode(_ frames: [[UInt8]], _ effort: Effort) throws(CommandFailure) -> [Double]? {
    let script = """
      import struct, sys, time
      try:
          from pymodbus.framer import FramerRTU
          from pymodbus.pdu import DecodePDU
      except ImportError:
          sys.exit(3)
      frames = [bytes.fromhex(line) for line in sys.stdin]
      framer = FramerRTU(DecodePDU(False))
      def decode(frame):
          used, pdu = framer.handleFrame(frame, 0xAA, 0)
          words = pdu.registers
          raw = struct.pack('<54H', *words)
          cells = [word / 10000 for word in words[:16] if word]
          seconds, left, volts, amperes = struct.unpack_from('<IIff', raw, 64)
          low, high, first, second, distance, soh, soc, inside = struct.unpack_from('<HHhhHHIh', raw, 80)
          status, wanted, balancing, count = struct.unpack_from('<HHHH', raw, 100)
          return dict(cells=cells, volts=volts, amperes=amperes, low=low / 1000, high=high / 1000,
                      temperatures=(inside / 10, first / 10, second / 10), soc=soc / 1e6, soh=soh / 500,
                      status=status, balancing=balancing, count=count, lifetime=seconds)
      assert len(decode(frames[0])['cells']) == 16
      count = \(effort.isQuick ? 1000 : 4000)
      for turn in range(\(min(7, effort.rounds))):
          start = time.process_time()
          for index in range(count):
              decode(frames[index % len(frames)])
          print(count / (time.process_time() - start))
      """
    return try rates(script, input: frames.map { Hex.string($0.span) })
  }

  /// Cycles of frames per second built with `struct` and python-can's messages.
  static func encode(_ frames: Int, _ effort: Effort) throws(CommandFailure) -> [Double]? {
    let script = """
      import struct, sys, time
      try:
          import can
      except ImportError:
          sys.exit(3)
      def cycle(volts, amperes, celsius, soc):
          out = []
          def add(identifier, form, *values):
              out.append(can.Message(arbitration_id=identifier, is_extended_id=False,
                                     data=struct.pack(form, *values)))
          for extra in range(\(frames) - 4):
              add(0x370 + extra, '<8s', b'Cellbus ')
          add(0x351, '<HhhH', int(volts * 10), int(amperes * 10), int(amperes * 10), int(volts * 8))
          add(0x355, '<HHH', int(soc), 100, int(soc * 100))
          add(0x356, '<hhh', int(volts * 100), int(amperes * 10), int(celsius * 10))
          add(0x35A, '<Q', 0xAAAAAAAAAAAAAAAA)
          return out
      count = \(effort.isQuick ? 200 : 1000)
      for turn in range(\(min(7, effort.rounds))):
          start = time.process_time()
          for index in range(count):
              cycle(53.1 + index / 1e4, 12.5, 21.0, 55.5)
          print(\(frames) * count / (time.process_time() - start))
      """
    return try rates(script, input: [])
  }
}

/// This program.
enum Program {
  /// Where it lies; the other programs of the build lie beside it.
  static let directory: String = {
    var name = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &name, name.count - 1)
    let path = name.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    return String(decoding: path.prefix(path.lastIndex(of: 47) ?? 0), as: UTF8.self)
  }()

  /// Where it was started.
  static let workingDirectory: String = {
    var name = [CChar](repeating: 0, count: 4096)
    guard unsafe getcwd(&name, name.count) != nil else { return "." }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()
}
