// SPDX-License-Identifier: Apache-2.0

import Wire

/// Bytes as hexadecimal digits without blanks.
func hex(_ bytes: [UInt8]) -> String { Hex.string(bytes.span) }
