/// Sine, cosine and a few more from additions and multiplications alone, so that a design is the same bytes on every
/// machine: the C library's own differ in the last digit between versions.
enum DesignMath {
    static let turn = 6.283_185_307_179_586

    /// Error below 1e-11 for |x| < 1e6 rad.
    static func sine(_ x: Double) -> Double {
        var turns = x / turn
        turns -= turns.rounded()
        // A quarter either side of zero is enough: the rest is its mirror.
        if turns > 0.25 { turns = 0.5 - turns } else if turns < -0.25 { turns = -0.5 - turns }
        let angle = turns * turn
        let square = angle * angle
        // Taylor series to the 17th power: the next term is below 1e-13 at π/2.
        var sum = 1.0
        for power in stride(from: 16.0, through: 2, by: -2) { sum = 1 - square / (power * (power + 1)) * sum }
        return angle * sum
    }

    static func cosine(_ x: Double) -> Double { sine(x + turn / 4) }

    static func mix(_ a: Double, _ b: Double, _ t: Double) -> Double { a + (b - a) * t }

    /// 0 below `low`, 1 above `high`, smooth in between.
    static func smooth(_ x: Double, from low: Double, to high: Double) -> Double {
        let t = min(1, max(0, (x - low) / (high - low)))
        return t * t * (3 - 2 * t)
    }
}

/// The design's own random numbers (SplitMix64): the same for a seed for ever.
struct DesignRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in `range`. Written out, because the standard library may change how it draws.
    mutating func between(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * (Double(next() >> 11) * 0x1p-53)
    }

    /// Uniform in 0 ..< count; `count` > 0. The bias of the remainder is below count / 2⁶⁴.
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}

/// Smooth random hills (gradient noise on a square lattice), about −1…1, period 256 lattice cells.
struct DesignNoise {
    private var gradients: [(x: Double, y: Double)] = []
    private var order: [Int] = Array(0..<256)

    init(using random: inout DesignRandom) {
        for _ in 0..<256 {
            let angle = random.between(0, DesignMath.turn)
            gradients.append((DesignMath.cosine(angle), DesignMath.sine(angle)))
        }
        for place in stride(from: 255, to: 0, by: -1) { order.swapAt(place, random.below(place + 1)) }
    }

    func value(_ x: Double, _ y: Double) -> Double {
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        let (u, v) = (x - left, y - top)
        let (column, row) = (Int(left) & 255, Int(top) & 255)
        func corner(_ dx: Int, _ dy: Int) -> Double {
            let gradient = gradients[order[(order[(column + dx) & 255] + row + dy) & 255]]
            return gradient.x * (u - Double(dx)) + gradient.y * (v - Double(dy))
        }
        func fade(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }
        let upper = DesignMath.mix(corner(0, 0), corner(1, 0), fade(u))
        let lower = DesignMath.mix(corner(0, 1), corner(1, 1), fade(u))
        return 1.4 * DesignMath.mix(upper, lower, fade(v))
    }

    /// Several octaves, each half as strong and twice as fine.
    func hills(_ x: Double, _ y: Double, octaves: Int) -> Double {
        var (sum, strength, scale) = (0.0, 1.0, 1.0)
        for octave in 0..<octaves {
            let shift = Double(octave) * 17.3
            sum += strength * value(x * scale + shift, y * scale - shift)
            strength /= 2
            scale *= 2
        }
        return sum
    }
}
