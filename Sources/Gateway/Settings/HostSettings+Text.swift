// SPDX-License-Identifier: Apache-2.0

import Glibc

extension HostSettings {
  /// What a text says: `name:2000`, `192.168.1.20:2000` or `[::1]:2000`; `nil` for anything else.
  ///
  /// The port may be left out where there is a `defaultPort`.
  package init?(_ text: String, defaultPort: UInt16?) {
    let bytes = Array(text.utf8)
    var host = bytes[...]
    var rest: ArraySlice<UInt8> = []
    let isBracketed = bytes.first == UInt8(ascii: "[")
    if isBracketed {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = bytes[1..<end]
      rest = bytes[(end + 1)...]
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      host = bytes[..<colon]
      rest = bytes[colon...]
    }
    let name = String(decoding: host, as: UTF8.self)
    guard isBracketed ? Self.isAddress6(name) : Self.isName(host) else { return nil }
    if rest.isEmpty, let defaultPort {
      self.init(host: name, port: defaultPort)
      return
    }
    // A port has no sign and no zeros before it.
    guard rest.popFirst() == UInt8(ascii: ":"), rest.first != UInt8(ascii: "0"),
      rest.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(String(decoding: rest, as: UTF8.self))
    else { return nil }
    self.init(host: name, port: port)
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    (1...253).contains(bytes.count)
      && bytes.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
      }
  }

  /// Whether it is an IPv6 address, with or without the interface that it is reached by.
  private static func isAddress6(_ text: String) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count < 2 || isName(Array(parts[1].utf8)[...]) else { return false }
    var address = in6_addr()
    return unsafe inet_pton(AF_INET6, String(parts[0]), &address) == 1
  }
}
