// SPDX-License-Identifier: Apache-2.0

/// What stands at the head of the bytes received so far.
public enum Scan: Equatable, Sendable {
  /// It may become a message; more bytes are needed to tell.
  case incomplete
  /// So many bytes belong to no message of interest.
  case skip(Int)
  /// By its shape, an answer to the request in flight; its checksum is still to be checked.
  case frame(length: Int)
  /// A whole message that nobody asked for.
  case broadcast(length: Int)
}
