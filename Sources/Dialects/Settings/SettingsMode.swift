// SPDX-License-Identifier: Apache-2.0

/// What a device has to be put into before its settings can be read and written, and taken out of
/// afterwards, whatever happens.
public struct SettingsMode: Sendable {
  /// What opens it, one request after the other.
  public let enter: [Request]
  /// What closes it and keeps nothing.
  public let leave: Request
  /// What closes it and keeps what was written.
  public let keep: Request
  /// The code with which the device says that it is not open.
  public let closedCode: UInt8
  /// The code with which the device says that it does not know a request.
  public let unknownCode: UInt8
  /// What its owner is told before it is opened.
  public let notice: StaticString

  /// A mode from its parts.
  public init(
    enter: [Request], leave: Request, keep: Request, closedCode: UInt8, unknownCode: UInt8,
    notice: StaticString
  ) {
    self.enter = enter
    self.leave = leave
    self.keep = keep
    self.closedCode = closedCode
    self.unknownCode = unknownCode
    self.notice = notice
  }
}
