// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The terminal while a live view has it: another screen, no echo, keys one by one.
///
/// Whatever happens,
/// `restore` gives it back as it was.
final class Terminal {
  private var original = termios()
  private let hasKeys: Bool

  init() {
    hasKeys = unsafe Console.isTerminal(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &original) == 0
    if hasKeys {
      var raw = original
      raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
      unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    }
    // The alternate screen, without a cursor.
    Console.print("\u{1B}[?1049h\u{1B}[?25l", terminator: "")
  }

  /// Draws whole lines over what is there, without a flicker.
  func draw(_ lines: [String]) {
    var text = "\u{1B}[H"
    for (index, line) in lines.enumerated() {
      text += line + "\u{1B}[K" + (index + 1 < lines.count ? "\r\n" : "")
    }
    Console.print(text + "\u{1B}[J", terminator: "")
  }

  /// The key that was pressed; `nil` when none waits.
  func key() -> UInt8? {
    guard hasKeys else { return nil }
    var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&entry, 1, 0) == 1 else { return nil }
    var byte: UInt8 = 0
    return unsafe Glibc.read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
  }

  /// What to wait on for keys; `nil` without a keyboard.
  var descriptor: Int32? { hasKeys ? STDIN_FILENO : nil }

  func restore() {
    Console.print("\u{1B}[?25h\u{1B}[?1049l", terminator: "")
    if hasKeys { unsafe tcsetattr(STDIN_FILENO, TCSANOW, &original) }
  }
}
