// SPDX-License-Identifier: Apache-2.0

/// How long the search for a battery waits, in milliseconds.
struct Patience {
  /// Silence between two probes: what answers late belongs to none.
  var pause: Int64 = 150
  /// Listening where nothing comes.
  var listening: Int64 = 1300
  /// Listening where something comes.
  var stream: Int64 = 6000
  /// One probe.
  var probe: Int64 = 3000
  /// One probe whose questions are answered well.
  var answered: Int64 = 6000
}
