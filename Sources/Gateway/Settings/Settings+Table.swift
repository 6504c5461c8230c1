// SPDX-License-Identifier: Apache-2.0

import Text

extension Settings {
  /// The settings of the whole file.
  static let table = SettingTable(
    Settings(),
    [
      .checked(
        "$schema", .text(), default: "–",
        "Where the schema of this file lies, for editors; the gateway does not look at it"),
      .checked(
        "version", SettingForm<Int64>.whole(1...SettingsVersion.newest), default: "1",
        "The version of the settings that the file is written for, [below](#versions)"),
      .setting(
        "dialects", \.dialects, .maps, default: "none",
        "Register maps of batteries that Cellbus does not know, [below](#dialects)"),
      .setting(
        "batteries", \.batteries, .list(BatterySettings.table, atLeast: 1),
        needed: "a list of one or more batteries",
        "The batteries that are read, [below](#batteries). At least one"),
      .setting(
        "banks", \.banks, .list(BankSettings.table), default: "none",
        "Batteries that are one to an inverter, [below](#banks)"),
      .setting(
        "inverters", \.inverters, .list(InverterSettings.table), default: "none",
        "The inverters that are driven, [below](#inverters)"),
      .setting(
        "history", \.history, .object(HistorySettings.table), default: "as below",
        "What is kept, [below](#history)"),
      .setting(
        "status", \.status, .object(StatusSettings.table), default: "as below",
        "How programs on this machine see the gateway, [below](#status)"),
      .setting(
        "log", \.log, .object(LogSettings.table), default: "as below",
        "What is logged, and where, [below](#log)"),
      .setting(
        "watchdog", \.watchdog, .object(WatchdogSettings.table), default: "as below",
        "What restarts the machine when the control hangs, [below](#watchdog)"),
    ]
  ) { reader, node, settings in
    reader.relate(node, &settings)
  }
}

extension HistorySettings {
  /// The settings below `history`.
  static let table = SettingTable(
    HistorySettings(),
    [
      .optional(
        "file", \.path, .path(), orNull: true,
        """
        Where the [history](history.md) is kept, on a local disk; `null` keeps none. Energy counters \
        then begin at 0 with each start
        """),
      .setting(
        "period_ms", \.period, .whole(100...60_000, "ms"),
        "From one stored reading to the next while nothing happens"),
      .setting(
        "commit_ms", \.commitPeriod, .whole(1000...60_000, "ms"),
        """
        From one commit to the disk to the next. So much is lost when the power fails; more spares a \
        memory card
        """),
      .setting(
        "max_mib", \.largest, .whole(16...1_048_576, "MiB", times: 1 << 20),
        "How much of the file may be in use; beyond, the finest and oldest goes first"),
      .optional(
        "records_d", \.recordDays, .whole(1...36_500, "days"), orNull: true,
        "After so many days records go, also where there is room; `null` keeps them while there is"),
      .optional(
        "minutes_d", \.minuteDays, .whole(1...36_500, "days"), orNull: true,
        "After so many days summaries of a minute go, and all that is finer; `null` as above"),
      .optional(
        "hours_d", \.hourDays, .whole(1...36_500, "days"), orNull: true,
        "After so many days summaries of an hour go, and all that is finer; `null` as above"),
    ])
}

extension StatusSettings {
  /// The settings below `status`.
  static let table = SettingTable(
    StatusSettings(),
    [
      .optional(
        "socket", \.socket, .path(longest: 107), orNull: true,
        """
        The Unix socket by which `cellbus monitor` sees the gateway. Its owner and group may use it. \
        `null` offers none
        """)
    ])
}

extension WatchdogSettings {
  /// The settings below `watchdog`.
  static let table = SettingTable(
    WatchdogSettings(),
    [
      .optional(
        "device", \.device, .path(), orNull: true,
        """
        The watchdog of the machine, such as `"/dev/watchdog"`; `null` uses none. systemd's own \
        watchdog needs no setting
        """),
      .setting(
        "timeout_s", \.timeout, .whole(5...300, "s"),
        "Without a completed control cycle for so long, the machine restarts"),
    ])
}
