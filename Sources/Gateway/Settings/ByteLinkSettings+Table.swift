// SPDX-License-Identifier: Apache-2.0

import Text
import Wire

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
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "can", \.self, .text("an interface", longest: 15), needed: "an interface",
            """
            A CAN interface of Linux (SocketCAN), such as `"can0"`, on which the battery answers; its \
            speed is set with `ip link`
            """)
        ]), "{ can: \"can0\" }"
    ) { .can($0) },
    SettingVariant(CANAdapter.table, "{ slcan: \"/dev/ttyACM0\" }") {
      .slcan($0.serial, bitrate: $0.bitrate)
    },
  ])

  /// An adapter to a battery's CAN bus.
  private struct CANAdapter: Sendable {
    var serial = SerialSettings(path: "")
    var bitrate: UInt32 = 0

    static let table = SettingTable(
      CANAdapter(),
      [
        .setting(
          "slcan", \.serial.path, .path(), needed: "a serial port",
          """
          An adapter that shows itself as a serial port, such as `"/dev/ttyACM0"`, and speaks SLCAN \
          (LAWICEL)
          """),
        .setting(
          "bitrate", \.bitrate,
          .numbers(SLCAN.Speed.allCases.map { Int64($0.bitsPerSecond) }, "bit/s"),
          default: "the language's", "Speed of the bus behind an SLCAN adapter"),
        SerialSettings.speed(\.serial.baud),
      ])
  }
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
      speed(\.baud),
      .setting(
        "rs485", \.rs485, rs485, default: "none",
        """
        Let the kernel turn the transceiver of an RS485 port round; `true` is the object with all \
        its defaults, [below](#rs485). USB adapters turn themselves and need none
        """),
    ])

  /// The speed of a port, be there a battery or an adapter at its other end.
  fileprivate static func speed<Whole>(
    _ place: SettingField<Whole>.Place<UInt32>
  ) -> SettingField<Whole> {
    .setting(
      "baud", place, .whole(50...4_000_000, "bit/s"), default: "the language's",
      """
      Speed of the serial port: 115200 for a TinyBMS and for an SLCAN adapter, 9600 for the others
      """)
  }

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
