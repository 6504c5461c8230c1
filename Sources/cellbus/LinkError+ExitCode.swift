// SPDX-License-Identifier: Apache-2.0

import Links
import Text

extension LinkError {
  /// What the caller of a command sees when a link does not open.
  var exitCode: ExitCode {
    if case .denied = self { .denied } else { .unavailable }
  }
}
