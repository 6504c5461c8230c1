// SPDX-License-Identifier: Apache-2.0

// Days that packs of this size live through. The figures are plausible, not measured.

extension PowerProfile {
  /// A small house of about 8 kWh a day: a base load, breakfast, cooking in the evening, and a
  /// kettle, a refrigerator and a washing machine that come and go.
  public static var house: PowerProfile {
    var profile = PowerProfile(
      day([
        (0, 140), (6, 140), (7, 420), (9, 220), (12, 380), (14, 220), (17, 300), (19, 620),
        (22, 350), (24, 140),
      ]))
    profile.noise = 0.15
    profile.noiseTime = 20
    profile.appliances = [
      Appliance(watts: 110, duration: 900, timesADay: 32),
      Appliance(watts: 1800, duration: 240, timesADay: 5, hours: 6..<22),
      Appliance(watts: 700, duration: 3600, timesADay: 0.6, hours: 9..<18),
    ]
    return profile
  }

  /// A camper of about 1.5 kWh a day: lights, a compressor refrigerator, a water pump, a coffee
  /// machine.
  public static var camper: PowerProfile {
    var profile = PowerProfile(
      day([(0, 12), (7, 12), (8, 45), (10, 20), (18, 35), (20, 70), (23, 40), (24, 12)]))
    profile.noise = 0.1
    profile.appliances = [
      Appliance(watts: 55, duration: 600, timesADay: 48),
      Appliance(watts: 60, duration: 60, timesADay: 20, hours: 7..<23),
      Appliance(watts: 900, duration: 180, timesADay: 3, hours: 7..<17),
    ]
    return profile
  }

  /// What panels of `peak` watts bring on a bright day with some clouds: nothing before 6 and after
  /// 20.
  public static func solar(peak: Double, clouds: Double = 0.25) -> PowerProfile {
    let shape: [(Int64, Double)] = [
      (6, 0), (7, 0.05), (8, 0.18), (9, 0.36), (10, 0.54), (11, 0.68), (12, 0.76), (13, 0.78),
      (14, 0.74),
      (15, 0.64), (16, 0.5), (17, 0.34), (18, 0.18), (19, 0.05), (20, 0),
    ]
    var rows: [(second: Int64, watts: Double)] = []
    for (hour, share) in shape { rows.append((hour * 3600, share * peak)) }
    var profile = PowerProfile(rows)
    profile.noise = clouds
    profile.noiseTime = 120
    return profile
  }

  private static func day(_ hours: [(Int64, Double)]) -> [(second: Int64, watts: Double)] {
    var rows: [(second: Int64, watts: Double)] = []
    for (hour, watts) in hours { rows.append((hour * 3600, watts)) }
    return rows
  }
}
