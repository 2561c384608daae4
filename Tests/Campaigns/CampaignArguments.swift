internal import Motion

/// What is asked of a campaign.
struct CampaignArguments: Sendable {
    struct Misuse: Error {
        var reason: String
    }

    static let help = """
          --seed S        first seed, standard 1
          --seeds N       how many seeds, standard 1
          --count N       of kill: how many kills; of states: operations; of figures: times
          --minutes M     ends after so many minutes, whatever N says
          --firmware V    2.8.1 or 3.0.3, standard both
          --plotters N    of fleet: daemons with a plotter each, standard 2
          --presses N     of fleet: presses of its first row, standard 1000
          --consul URL    of fleet, rows presses and cycle: a Consul that has just been started, in place of the double
          --rate N        of fleet: presses a minute, standard as many as are taken
          --motion RULE   of wire and kill: physical or junction, standard by the seed, odd ones physical
          --jerk MM_S3    of wire: limit on jerk of physical motion on firmware 3
          --row NAME      only this row
          --serial        of wire: the rows through a serial port, eight plots at a time
          --quick         at most a minute; what depends on the machine is told, not judged (load)
          --json          one document instead of lines
        """

    var seed: UInt64 = 1
    var seeds: UInt64 = 1
    var count: UInt64?
    var minutes: Double?
    var firmware: String?
    var plotters: UInt64?
    var presses: UInt64?
    var consul: String?
    var perMinute: Double?
    var motion: PlotOptions.Motion?
    var jerk: Double?
    var row: String?
    var isJSON = false
    var isQuick = false
    var isSerial = false

    /// The rule of speeds that a seed is run with.
    func motion(ofSeed seed: UInt64) -> PlotOptions.Motion { motion ?? (seed % 2 == 1 ? .physical : .junction) }

    /// Whether a row is asked for, by name or because all are.
    func wants(_ name: String) -> Bool { row == nil || row == name }

    init(_ arguments: some Sequence<String>) throws(Misuse) {
        var words = Array(arguments)[...]
        while let flag = words.popFirst() {
            switch flag {
            case "--json": isJSON = true
            case "--quick": isQuick = true
            case "--serial": isSerial = true
            default: try take(flag, words.popFirst())
            }
        }
    }

    private mutating func take(_ flag: String, _ value: String?) throws(Misuse) {
        guard let value else { throw Misuse(reason: "\(flag) needs a value, or is unknown") }
        switch flag {
        case "--seed": seed = try Self.number(value, flag)
        case "--seeds": seeds = try Self.number(value, flag)
        case "--count": count = try Self.number(value, flag)
        case "--minutes", "--rate":
            guard let number = Double(value), number > 0 else { throw Misuse(reason: "\(flag) needs a number") }
            if flag == "--rate" { perMinute = number } else { minutes = number }
        case "--plotters", "--presses":
            let number = try Self.number(value, flag)
            guard number > 0, number <= 1_000_000 else { throw Misuse(reason: "\(flag) needs 1 to 1000000") }
            if flag == "--plotters" { plotters = number } else { presses = number }
        case "--firmware": firmware = value
        case "--consul": consul = value
        case "--motion":
            guard let rule = PlotOptions.Motion(rawValue: value) else {
                throw Misuse(reason: "\(flag) is physical or junction, not \(value)")
            }
            motion = rule
        case "--jerk":
            guard let number = Double(value), PlanRange.jerk.contains(number) else {
                throw Misuse(reason: "\(flag) needs a jerk in mm/s³, not \(value)")
            }
            jerk = number
        case "--row": row = value
        default: throw Misuse(reason: "\(flag) is unknown; --help tells what is known")
        }
    }

    private static func number(_ text: String, _ flag: String) throws(Misuse) -> UInt64 {
        guard let number = UInt64(text) else { throw Misuse(reason: "\(flag) needs a whole number, not \(text)") }
        return number
    }
}
