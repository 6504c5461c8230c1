// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

exit(
  Arguments.execute(
    Array(CommandLine.arguments.dropFirst()), for: Program.root, version: Program.version,
    width: Console.width, output: { Console.print($0, terminator: "") },
    errors: { Console.complain($0, terminator: "") }))
