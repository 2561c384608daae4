/// Chords of a cubic, near the fewest, every one within the tolerance.
///
/// Filled and used again from curve to curve, so that no curve costs an allocation.
struct CubicChords {
    /// Cuts strictly inside 0…1: so many of `parameters` and `places`, ascending.
    private(set) var count = 0
    private(set) var parameters: [Double] = []
    private(set) var places: [Point] = []
    /// The density of chords, summed up to each sample.
    private var sums = [Float](repeating: 0, count: CubicChords.mostSamples + 1)

    private static let mostSamples = 64

    /// Cuts a curve into chords.
    ///
    /// The count comes from the integral of √(curvature density); each chord is then checked, by a bound where that is
    /// enough, else by its exact distance, and more are taken until all hold. Equal steps, whose bound needs no check,
    /// are the most that can come of it.
    ///
    /// - Returns: false when the curve is beyond all bounds and becomes its chord.
    mutating func cut(_ curve: CubicBezier, tolerance: Double) -> Bool {
        count = 0
        guard let most = equalStepCount(curve, tolerance: tolerance) else { return false }
        if most <= 1 || (most < Self.fewChords && chordDistance(curve) <= tolerance) { return true }
        if parameters.count < most {
            let missing = max(64, most) - parameters.count
            parameters.append(contentsOf: repeatElement(0, count: missing))
            places.append(contentsOf: repeatElement(Point(0, 0), count: missing))
        }
        let powers = CubicPowers(curve)
        // Moved out and back: spans of one structure cannot be used while another part of it is written.
        var (parameters, places): ([Double], [Point]) = ([], [])
        swap(&parameters, &self.parameters)
        swap(&places, &self.places)
        cut(curve, powers, most, tolerance, &parameters, &places)
        swap(&parameters, &self.parameters)
        swap(&places, &self.places)
        return true
    }

    private mutating func cut(
        _ curve: CubicBezier, _ powers: CubicPowers, _ most: Int, _ tolerance: Double, _ parameters: inout [Double],
        _ places: inout [Point]
    ) {
        var wanted = most
        let samples = 4 * min(Self.mostSamples / 4, max(2, (most + 3) / 4))
        if most > 2 {
            // h²·|B′×B″|/(8·|B′|) = τ a chord, so n = ∫√(…)/√(8τ).
            let scale = curve.secondDifference
            let whole = Double(integrate(BendDensity(powers, secondDifference: scale), samples))
            let least = whole * (scale / (8 * tolerance)).squareRoot()
            if least < 2, chordDistance(curve) <= tolerance { return }
            if least < Double(most) { wanted = max(2, Int((least * Self.headroom).rounded(.up))) }
        }
        while wanted < most {
            var parameterSpan = parameters.mutableSpan
            var placeSpan = places.mutableSpan
            let (worst, found) = cutEqually(
                powers, sums.span, samples: samples, into: wanted, tolerance: tolerance, parameters: &parameterSpan,
                places: &placeSpan)
            if worst <= tolerance {
                count = found
                return
            }
            let grown = (Double(wanted) * (worst / tolerance).squareRoot()).rounded(.up)
            wanted = max(wanted + 1, min(Int(min(grown, Double(most))), wanted + wanted / 4))
        }
        let step = 1 / Double(most)
        count = most - 1
        for k in 0..<count {
            let t = Double(k + 1) * step
            parameters[k] = t
            places[k] = powers.place(t, from: curve.p0)
        }
    }

    /// Of so few equal steps the curve may well be straight enough for one chord: looked at before anything else.
    private static let fewChords = 8
    /// Of the integral's count, before it is rounded up: with a little more most curves hold at once.
    private static let headroom = 1.02

    /// Sums the density of chords at equal steps over 0…1; gives the whole.
    private mutating func integrate(_ density: BendDensity, _ samples: Int) -> Float {
        let step = 1 / Float(samples)
        var t = SIMD4(0, 1, 2, 3) * step
        var sums = sums.mutableSpan
        var (sum, last) = (Float(0), Float(0))
        for k in stride(from: 0, to: samples, by: 4) {
            let next = density(t)
            if k > 0 { sum += last + next.x }
            sums[k] = sum
            sum += next.x + next.y
            sums[k + 1] = sum
            sum += next.y + next.z
            sums[k + 2] = sum
            sum += next.z + next.w
            sums[k + 3] = sum
            last = next.w
            t += 4 * step
        }
        sum += last + density(SIMD4(repeating: 1)).x
        sums[samples] = sum
        return sum * step / 2
    }
}

private func point(_ v: SIMD2<Double>) -> Point { Point(v.x, v.y) }

/// A cubic as a polynomial about its first point.
private struct CubicPowers {
    let start: SIMD2<Double>
    let k1, k2, k3: SIMD2<Double>
    /// Of the derivative.
    let d2, d3: SIMD2<Double>

    init(_ c: CubicBezier) {
        start = SIMD2(c.p0.x, c.p0.y)
        let (a, b, d) = (c.p1 - c.p0, c.p2 - c.p1, c.p3 - c.p2)
        k1 = SIMD2(3 * a.x, 3 * a.y)
        k2 = SIMD2(3 * (b.x - a.x), 3 * (b.y - a.y))
        k3 = SIMD2(d.x - 2 * b.x + a.x, d.y - 2 * b.y + a.y)
        d2 = 2 * k2
        d3 = 3 * k3
    }

    /// From the first point to the place at `t`.
    @inline(__always)
    func place(_ t: Double) -> SIMD2<Double> { ((k3 * t + k2) * t + k1) * t }

    @inline(__always)
    func place(_ t: Double, from first: Point) -> Point { point(start + place(t)) }

    @inline(__always)
    func tangent(_ t: Double) -> SIMD2<Double> { (d3 * t + d2) * t + k1 }
}

/// √(|B′×B″|/|B′|), how closely chords must stand, of a cubic whose largest second difference is one: in that measure
/// single precision is enough.
private struct BendDensity {
    let k1x, k1y, d2x, d2y, d3x, d3y: Float

    init(_ powers: CubicPowers, secondDifference: Double) {
        let scale = 1 / secondDifference
        k1x = Float(powers.k1.x * scale)
        k1y = Float(powers.k1.y * scale)
        d2x = Float(powers.d2.x * scale)
        d2y = Float(powers.d2.y * scale)
        d3x = Float(powers.d3.x * scale)
        d3y = Float(powers.d3.y * scale)
    }

    /// At four parameters.
    @inline(__always)
    func callAsFunction(_ t: SIMD4<Float>) -> SIMD4<Float> {
        let (x, y) = ((d3x * t + d2x) * t + k1x, (d3y * t + d2y) * t + k1y)
        let (sx, sy) = ((2 * d3x) * t + d2x, (2 * d3y) * t + d2y)
        let turn = x * sy - y * sx
        // At a cusp the speed vanishes; the density is never more than √|B″|.
        let speed = x * x + y * y + (sx * sx + sy * sy) * 1e-12 + 1e-30
        return (turn * turn / speed).squareRoot().squareRoot()
    }
}

/// Whether both controls, seen from the chord's start, lie beside the chord, and the curve within a tolerance of it.
///
/// With the controls' distances m + e and m − e the curve's is 3t(1 − t)(m + (1 − 2t)e): at most ¾|m| + √3⁄6·|e|.
@inline(__always)
private func isPlainlyWithin(
    _ chord: SIMD2<Double>, _ a: SIMD2<Double>, _ b: SIMD2<Double>, _ toleranceSquared: Double
) -> Bool {
    let squared = chord.x * chord.x + chord.y * chord.y
    let (along1, along2) = (chord.x * a.x + chord.y * a.y, chord.x * b.x + chord.y * b.y)
    let (off1, off2) = (chord.x * a.y - chord.y * a.x, chord.x * b.y - chord.y * b.x)
    let off = 0.375 * (off1 + off2).magnitude + 0.144_337_567_3 * (off1 - off2).magnitude
    return squared > 0 && min(along1, along2) >= 0 && max(along1, along2) <= squared
        && off * off <= toleranceSquared * squared
}

/// Cuts where the density's integral is the same between all cuts.
///
/// - Returns: how many cuts there are, and the largest distance of the curve from any of its chords, as far as it is
///   beyond the tolerance; of the first that is far too large, the rest is not looked at.
private func cutEqually(
    _ powers: CubicPowers, _ sums: Span<Float>, samples: Int, into wanted: Int, tolerance: Double,
    parameters: inout MutableSpan<Double>, places: inout MutableSpan<Point>
) -> (worst: Double, count: Int) {
    let inverse = 1 / Double(samples)
    let part = Double(sums[samples]) / Double(wanted)
    let limit = tolerance * tolerance
    var (k, before, after) = (1, 0.0, Double(sums[1]))
    var (worst, found) = (0.0, 0)
    var (from, start, u) = (0.0, SIMD2(0.0, 0), powers.k1)
    for i in 1...wanted {
        var to = 1.0
        if i < wanted {
            let sum = part * Double(i)
            while after < sum, k < samples {
                k += 1
                (before, after) = (after, Double(sums[k]))
            }
            let step = after - before
            to = (Double(k - 1) + (step > 0 ? (sum - before) / step : 0.5)) * inverse
            guard to > from, to < 1 else { continue }
        }
        let (end, v) = (powers.place(to), powers.tangent(to))
        let third = (to - from) * (1.0 / 3)
        let chord = end - start
        let (a, b) = (u * third, chord - v * third)
        if !isPlainlyWithin(chord, a, b, limit) {
            worst = max(worst, chordDistance(CubicBezier(Point(0, 0), point(a), point(b), point(chord))))
            if worst > 1.5 * tolerance { return (worst, 0) }
        }
        if i < wanted {
            parameters[found] = to
            places[found] = point(powers.start + end)
            found += 1
        }
        (from, start, u) = (to, end, v)
    }
    return (worst, found)
}
