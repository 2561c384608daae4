internal import EBB

/// The step interrupt of docs/board.md §6 and §7 run tick by tick, written apart from the product's closed forms.
///
/// Knows only motion commands that the firmware accepts, given as numbers.
struct NaiveBoard {
    struct Row: Equatable, CustomStringConvertible {
        var ticks: Int
        var motor1: Int
        var motor2: Int
        var phase1: Int64
        var phase2: Int64

        var description: String { "\(ticks) ticks, \(motor1),\(motor2), phases \(phase1),\(phase2)" }
    }

    private struct Motor {
        var rate: Int64 = 0
        var acceleration: Int64 = 0
        var jerk: Int64 = 0
        var left: Int64 = 0
        /// 0 = the sign of the rate decides.
        var direction = 0
        /// 31 bits kept of the rate each tick.
        var isMasked = false
    }

    let isModern: Bool
    var counters = [0, 0]
    var phases: [Int64] = [0, 0]
    /// Steps of the last command, as tick since its start × 4 + motor × 2 + (forward ? 1 : 0).
    var steps: [Int] = []

    private let full: Int64 = 2_147_483_648

    init(_ firmware: FirmwareVersion) { isModern = firmware.major >= 3 }

    /// Runs one accepted command; nil if it is not over after `limit` ticks.
    mutating func run(_ name: String, _ v: [Int64], limit: Int) -> Row? {
        steps = []
        switch name {
        case "SM":
            let clear = v.count > 3 ? v[3] : 0  // 2.x, which checks limits at boot, takes too much for nothing
            return constant(v[0], v[1], v[2], clear: clear > 3 && !isModern ? 0 : clear, limit)
        case "XM": return constant(v[0], v[1] + v[2], v[1] - v[2], clear: v.count > 3 ? v[3] : 0, limit)
        case "LM": return stepped([v[0], v[1], v[2], 0, v[3], v[4], v[5], 0], clear: v.count > 6 ? v[6] : 0, limit)
        case "L3": return stepped(v, clear: v.count > 8 ? v[8] : 0, limit)
        case "LT":
            return timed(v[0], [v[1], v[2], 0, v[3], v[4], 0], clear: v.count > 5 ? v[5] : 0, limit)
        case "T3": return timed(v[0], Array(v[1...6]), clear: v.count > 7 ? v[7] : 0, limit)
        case "TD":
            let first = timed(v[0], [v[1], 0, v[4], v[5], 0, v[8]], clear: v.count > 9 ? v[9] : 0, limit)
            let second = timed(v[0], [v[2], v[3], -v[4], v[6], v[7], -v[8]], clear: 0, limit)
            guard let first, var row = second else { return nil }
            row.ticks += first.ticks
            return row
        default: return nil
        }
    }

    // MARK: Constant rates

    private mutating func constant(_ ms: Int64, _ s1: Int64, _ s2: Int64, clear: Int64, _ limit: Int) -> Row? {
        if s1 == 0 && s2 == 0 {
            let longest: Int64 = isModern ? 100_000 : 65_536
            let ticks = ms <= longest ? ms * 25 : isModern ? longest * 25 : 1
            return row(Int(ticks))
        }
        var motors = [Motor(), Motor()]
        for (i, s) in [s1, s2].enumerated() where s != 0 {
            motors[i].left = abs(s)
            motors[i].direction = s < 0 ? -1 : 1
            motors[i].rate = isModern ? modernRate(abs(s), ms) : legacyRate(abs(s), ms)
        }
        clearPhases(motors, clear)
        return loop(&motors, limit: limit)
    }

    private func modernRate(_ s: Int64, _ ms: Int64) -> Int64 {
        let unit = Float(85899345.92) / Float(ms)
        return Int64(Float(s) * unit)
    }

    private func legacyRate(_ s: Int64, _ ms: Int64) -> Int64 {
        let t = 25 * ms
        var q: Int64
        var r: Int64 = 0
        if s < 131_071 {
            q = s * 32768 / t
            if ms > 30 { r = (s * 32768 % t) * 65536 % 4_294_967_296 / t }
        } else {
            q = s / ms * 32768 / 25
        }
        q = q == 0 ? 1 : q > 32768 ? 32768 : q
        return min(q * 65536 + r, full - 1)
    }

    // MARK: Registers with acceleration

    private mutating func stepped(_ v: [Int64], clear: Int64, _ limit: Int) -> Row? {
        var motors = [Motor(), Motor()]
        for i in 0..<2 {
            var (r, s, a, j) = (v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3])
            motors[i].left = abs(s)
            if isModern {
                if s < 0 {
                    r = -r
                    a = word(-a)
                }
                load(&motors[i], r, a, j)
            } else {
                motors[i].direction = s < 0 ? -1 : 1
                j = 0
                load(&motors[i], r, a, j)
            }
        }
        clearPhases(motors, clear)
        return loop(&motors, limit: limit)
    }

    private mutating func timed(_ n: Int64, _ v: [Int64], clear: Int64, _ limit: Int) -> Row? {
        var motors = [Motor(), Motor()]
        for i in 0..<2 {
            var r = v[3 * i]
            motors[i].left = .max
            if !isModern {
                motors[i].direction = r < 0 ? -1 : 1
                r = abs(r)
            }
            load(&motors[i], r, v[3 * i + 1], word(v[3 * i + 2]))
        }
        clearPhases(motors, clear)
        guard n <= limit else { return nil }
        for tick in 1...max(1, Int(n)) { turn(&motors, tick) }
        return row(Int(n) + (isModern ? 1 : 0))
    }

    private func load(_ motor: inout Motor, _ r: Int64, _ a: Int64, _ j: Int64) {
        motor.rate = r - a / 2 + j / 6
        motor.acceleration = a - j
        motor.jerk = j
        if isModern {
            motor.rate = word(motor.rate)
            motor.acceleration = word(motor.acceleration)
        } else {
            motor.isMasked = true
        }
    }

    private mutating func clearPhases(_ motors: [Motor], _ clear: Int64) {
        for i in 0..<2 where min(clear, 3) & Int64(1 << i) != 0 {
            phases[i] = 0
            guard isModern && motors[i].direction == 0 else { continue }
            let a = word(motors[i].acceleration + motors[i].jerk)  // A itself
            let first = word(motors[i].rate + a)
            let signs = [first, word(a + motors[i].jerk), motors[i].jerk]
            if let sign = signs.first(where: { $0 != 0 }), sign < 0 { phases[i] = full - 1 }
        }
    }

    /// A 32-bit register.
    private func word(_ x: Int64) -> Int64 {
        var y = x % 4_294_967_296
        if y < 0 { y += 4_294_967_296 }
        return y >= full ? y - 4_294_967_296 : y
    }

    // MARK: Ticks

    private mutating func turn(_ motors: inout [Motor], _ tick: Int) {
        for i in 0..<2 where motors[i].left > 0 {
            if motors[i].direction == 0 {
                motors[i].acceleration = word(motors[i].acceleration + motors[i].jerk)
                motors[i].rate = word(motors[i].rate + motors[i].acceleration)
            } else if motors[i].isMasked {
                motors[i].rate = (motors[i].rate + motors[i].acceleration) % full
                if motors[i].rate < 0 { motors[i].rate += full }
            }
            phases[i] += motors[i].rate
            var made = 0
            if phases[i] >= full {
                phases[i] -= full
                made = motors[i].direction == 0 ? 1 : motors[i].direction
            } else if phases[i] < 0 {
                phases[i] += full
                made = -1
            }
            if made != 0 {
                counters[i] += made
                steps.append(tick * 4 + i * 2 + (made > 0 ? 1 : 0))
                if motors[i].left != .max { motors[i].left -= 1 }
            }
        }
    }

    private mutating func loop(_ motors: inout [Motor], limit: Int) -> Row? {
        var tick = 0
        while motors.contains(where: { $0.left > 0 }) {
            guard tick < limit else { return nil }
            tick += 1
            turn(&motors, tick)
        }
        return row(tick)
    }

    private func row(_ ticks: Int) -> Row {
        Row(ticks: ticks, motor1: counters[0], motor2: counters[1], phase1: phases[0], phase2: phases[1])
    }
}
