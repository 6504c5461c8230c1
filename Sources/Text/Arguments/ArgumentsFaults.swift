// SPDX-License-Identifier: Apache-2.0

extension Command {
  /// What is wrong in the declaration of this command and those below it, for a test to find empty.
  package var faults: [String] { faults(above: [], options: []) }

  private func faults(above: [String], options inherited: [Option]) -> [String] {
    let path = above + [name]
    let visible = inherited + options
    var faults = ownFaults + optionFaults(visible) + argumentFaults
    // What is declared twice above was told there.
    let own = options.map(\.name) + arguments.map(\.name)
    let names = inherited.map(\.name) + own
    faults += Self.doubles(names).filter(own.contains).map { "\($0) is declared twice" }
    let letters = options.compactMap(\.short)
    faults += Self.doubles(visible.compactMap(\.short)).filter(letters.contains).map {
      "-\($0) is declared twice"
    }
    faults += Self.doubles(subcommands.map(\.name)).map { "command \($0) is declared twice" }
    return faults.map { "\(path.joined(separator: " ")): \($0)" }
      + subcommands.flatMap { $0.faults(above: path, options: visible) }
  }

  private var ownFaults: [String] {
    var faults: [String] = []
    if summary.isEmpty || summary.last == "." {
      faults.append("the summary is empty or has a full stop")
    }
    if run == nil, subcommands.isEmpty { faults.append("does nothing") }
    if run != nil, examples.isEmpty { faults.append("has no example") }
    if run != nil, !exitCodes.contains(.ok) || !exitCodes.contains(.usage) {
      faults.append("does not list the exit codes 0 and 64")
    }
    return faults
  }

  private func optionFaults(_ visible: [Option]) -> [String] {
    var faults: [String] = []
    for option in options {
      if option.summary.isEmpty { faults.append("--\(option.name) has no summary") }
      if (option.kind == nil) != option.placeholder.isEmpty {
        faults.append("--\(option.name) has a value without a name, or a name without a value")
      }
      if let text = option.defaultText, option.kind?.number(of: text) == nil {
        faults.append("--\(option.name): the default '\(text)' is not valid")
      }
    }
    return faults
  }

  private var argumentFaults: [String] {
    var faults: [String] = []
    for (index, argument) in arguments.enumerated() {
      if argument.summary.isEmpty { faults.append("\(argument.name) has no summary") }
      if argument.repeats, index + 1 < arguments.count {
        faults.append("\(argument.name) takes all that is left but is not the last")
      }
      if !argument.isOptional, index > 0, arguments[index - 1].isOptional {
        faults.append("\(argument.name) is required but follows an optional one")
      }
      if let text = argument.defaultText, argument.kind.number(of: text) == nil {
        faults.append("\(argument.name): the default '\(text)' is not valid")
      }
    }
    return faults
  }

  private static func doubles<Name: Hashable>(_ names: [Name]) -> [Name] {
    var seen: Set<Name> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
