// SPDX-License-Identifier: Apache-2.0

import Text

extension ByteLinkSettings {
  /// A wire: a serial port or a program on the network.
  static let form: SettingForm<ByteLinkSettings> = .oneOf([
    SettingVariant(SerialSettings.table, "{ serial: \"/dev/ttyUSB0\" }") { .serial($0) },
    SettingVariant(
      SettingTable(
        HostSettings(host: "", port: 0),
        [
          .setting(
            "tcp", \.self, .host(defaultPort: nil), needed: "a host and its port",
            "A serial server that passes bytes on as they are, such as ser2net")
        ]), "{ tcp: \"192.168.1.20:2000\" }"
    ) { .tcp($0) },
    SettingVariant(
      SettingTable(
        HostSettings(host: "", port: 0),
        [
          .setting(
            "modbus_tcp", \.self, .host(defaultPort: 502), needed: "a host",
            range: "`\"host\"`, `\"host:port\"`",
            """
            A gateway that speaks Modbus TCP on this side and Modbus RTU on the other; its port is \
            502 unless told otherwise
            """)
        ]), "{ modbus_tcp: \"192.168.1.20\" }"
    ) { .modbusTCP($0) },
  ])
}

extension SerialSettings {
  /// The settings of a serial port.
  static let table = SettingTable(
    SerialSettings(path: ""),
    [
      .setting(
        "serial", \.path, .path(), needed: "a serial port, such as \"/dev/ttyUSB0\"",
        """
        The device of a serial port. `/dev/serial/by-id/…` names stay the same when cables are \
        plugged in another order
        """),
      .setting(
        "baud", \.baud, .whole(50...4_000_000, "bit/s"), default: "the language's",
        "Speed of the serial port: 115200 for a TinyBMS, 9600 for the others"),
      .setting(
        "rs485", \.rs485, rs485, default: "none",
        """
        Let the kernel turn the transceiver of an RS485 port round; `true` is the object with all \
        its defaults, [below](#rs485). USB adapters turn themselves and need none
        """),
    ])

  private static let rs485: SettingForm<RS485Settings?> = .short(
    .flag, { $0 ? RS485Settings() : nil }, or: RS485Settings.table, { $0 })
}

extension RS485Settings {
  /// The settings of an RS485 transceiver, in their long form.
  static let table = SettingTable(
    RS485Settings(),
    [
      .setting(
        "rts_on_send", \.isRTSHighOnSend, .choice([("high", true), ("low", false)]),
        "What RTS is while this side sends"),
      .setting(
        "delay_before_ms", \.delayBeforeSend, .whole(0...100, "ms"),
        "From RTS to the first bit"),
      .setting(
        "delay_after_ms", \.delayAfterSend, .whole(0...100, "ms"),
        "From the last bit to RTS"),
      .setting(
        "receive_own", \.receivesDuringSend, .flag,
        "Whether what is sent comes back; it is then not taken for an answer"),
      .setting(
        "terminate", \.isTerminated, .flag,
        "Whether the bus is terminated at this end, where the port can do that"),
    ])
}
