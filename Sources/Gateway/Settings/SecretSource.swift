// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine

/// Where secrets lie outside the settings file: the environment, systemd's credentials, files.
package struct SecretSource: Sendable {
  /// The value of a variable of the environment.
  private let variable: @Sendable (String) -> String?

  /// A source with this environment.
  package init(variable: @escaping @Sendable (String) -> String?) { self.variable = variable }

  /// The environment of this process.
  package static let process = SecretSource { name in
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// What the settings file says of where a secret lies.
  enum Place: Sendable {
    /// A variable of the environment.
    case variable(String)
    /// A credential that systemd hands to the service.
    case credential(String)
    /// A file that only its owner may read.
    case file(String)
  }

  /// Why a secret cannot be had, as what was found and what was expected; never the secret itself.
  struct Fault: Error, Equatable {
    let found: String
    let expected: String
  }

  /// The secret of a place; a line's end at its end does not belong to it.
  func read(_ place: Place, longest: Int) throws(Fault) -> Secret {
    let (bytes, name) = try bytes(place, longest: longest)
    var secret = bytes[...]
    if secret.last == UInt8(ascii: "\n") { secret.removeLast() }
    if secret.last == UInt8(ascii: "\r"), secret.count < bytes.count { secret.removeLast() }
    guard (1...longest).contains(secret.count), !secret.contains(0) else {
      let found = secret.isEmpty ? "nothing in \(name)" : "no such text in \(name)"
      throw Fault(found: found, expected: "a text of 1 to \(longest) bytes")
    }
    return Secret(Array(secret))
  }

  private func bytes(_ place: Place, longest: Int) throws(Fault) -> ([UInt8], String) {
    switch place {
    case .variable(let name):
      guard let value = variable(name) else {
        throw Fault(
          found: "no variable \(name) in the environment", expected: "it to hold the secret")
      }
      return (Array(value.utf8), "the variable \(name)")
    case .credential(let name):
      guard let folder = variable("CREDENTIALS_DIRECTORY") else {
        throw Fault(
          found: "no credentials here: $CREDENTIALS_DIRECTORY is not set",
          expected: "to run as a service with LoadCredential=\(name):/path/of/the/secret")
      }
      guard !name.contains("/"), name != ".", name != ".." else {
        throw Fault(found: "a credential with a path", expected: "its name alone")
      }
      return (
        try contents("\(folder)/\(name)", isPrivate: false, longest), "the credential \(name)"
      )
    case .file(let path):
      return (try contents(path, isPrivate: true, longest), path)
    }
  }

  /// A file, of which no more is read than a secret may have.
  private func contents(
    _ path: String, isPrivate: Bool, _ longest: Int
  ) throws(Fault) -> [UInt8] {
    let mode: UInt32
    var bytes: [UInt8] = []
    do throws(SystemError) {
      // A pipe must not hold the gateway up.
      let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      var status = stat()
      try checked { unsafe fstat(file.number, &status) }
      mode = status.st_mode
      if mode & S_IFMT == S_IFREG {
        while bytes.count < longest + 3,
          let count = try file.read(into: &bytes, limit: longest + 3), count > 0
        {}
      }
    } catch {
      throw Fault(found: "\(path): \(error)", expected: "a file with the secret")
    }
    guard mode & S_IFMT == S_IFREG else {
      throw Fault(found: "\(path), which is no file", expected: "a file with the secret")
    }
    // Credentials are guarded by systemd, which may widen their mode bits by an access list.
    guard !isPrivate || mode & 0o077 == 0 else {
      throw Fault(
        found: "\(path) open to others (mode \(String(mode & 0o777, radix: 8)))",
        expected: "a file that only its owner may read: chmod 600 \(path)")
    }
    return bytes
  }
}
