// SPDX-License-Identifier: Apache-2.0

import Text

extension SettingForm where Value == HostSettings {
  /// A host and its port: `name:2000`, `192.168.1.20:2000` or `[::1]:2000`.
  ///
  /// A default port may be left out.
  static func host(defaultPort: UInt16?) -> Self {
    Self(kind: .host(defaultPort: defaultPort)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if let text = child.value.string, let host = HostSettings(text, defaultPort: defaultPort) {
        return host
      }
      let short = defaultPort.map { ", the port being \($0) unless told otherwise" } ?? ""
      reader.report(
        child,
        expected: "a host and a port from 1 to 65535, such as \"192.168.1.20:2000\" or "
          + "\"[fe80::1]:2000\"" + short)
      return nil
    } write: { _ in
      .null
    }
  }
}
