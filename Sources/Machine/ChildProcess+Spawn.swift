// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension ChildProcess {
  /// posix_spawn with the streams wired; our ends of the pipes are left in `pipes`.
  static func spawn(
    _ arguments: [String], _ environment: [String]?, _ directory: String?, streams: [Stream],
    pipes: inout [Int32]
  ) throws(SystemError) -> pid_t {
    guard let program = arguments.first else { throw SystemError(EINVAL) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    var theirs: [Int32] = []
    defer { for number in theirs { _ = Glibc.close(number) } }
    for (index, stream) in streams.enumerated() {
      let number = Int32(index)
      let flags = index == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
      switch stream {
      case .inherited: break
      case .discarded:
        unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      case .file(let path):
        unsafe posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o644)
      case .pipe:
        let (ours, other) = try pipe(reading: index != 0)
        pipes[index] = ours
        theirs.append(other)
        unsafe posix_spawn_file_actions_adddup2(&actions, other, number)
      }
    }
    if let directory { unsafe clinux_spawn_directory(&actions, directory) }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // What we block or ignore must not be inherited: the program would never see its SIGTERM.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var id = pid_t()
    let code = unsafe withStrings(arguments) { arguments in
      guard let environment else {
        return unsafe posix_spawnp(
          &id, program, &actions, &attributes, arguments, clinux_environment())
      }
      return unsafe withStrings(environment) { environment in
        unsafe posix_spawnp(&id, program, &actions, &attributes, arguments, environment)
      }
    }
    if code != 0 { throw SystemError(code) }
    return id
  }

  /// A pipe: our end, which never waits, and the end to hand over.
  private static func pipe(reading: Bool) throws(SystemError) -> (ours: Int32, other: Int32) {
    var ends: [Int32] = [-1, -1]
    try checked { unsafe clinux_pipe(&ends) }
    let (ours, other) = reading ? (ends[0], ends[1]) : (ends[1], ends[0])
    _ = fcntl(ours, F_SETFL, O_NONBLOCK)
    return (ours, other)
  }

  private static func withStrings(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
  ) -> Int32 {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return EINVAL }
      return unsafe body(first)
    }
  }
}
