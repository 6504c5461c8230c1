// SPDX-License-Identifier: Apache-2.0

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
    guard !host.isEmpty, host.count <= 253, host.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    let name = String(decoding: host, as: UTF8.self)
    if rest.isEmpty, let defaultPort {
      self.init(host: name, port: defaultPort)
      return
    }
    guard rest.popFirst() == UInt8(ascii: ":"), rest.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(String(decoding: rest, as: UTF8.self)), port > 0
    else { return nil }
    self.init(host: name, port: port)
  }
}
