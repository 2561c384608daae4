/// A segment turned into chords is never cut finer than this; beyond, it becomes its chord.
let mostChords = 65_536

/// How many chords of equal parameter steps keep a cubic within `tolerance`, by its second differences.
///
/// A chord over a step h is off by at most h²/8·max |B″|, and |B″| ≤ 6·M, so n = ⌈√(3M/4τ)⌉.
///
/// - Returns: nil when more than `mostChords` would be needed or nothing is finite.
func equalStepCount(_ curve: CubicBezier, tolerance: Double) -> Int? {
    let n = (0.75 * curve.secondDifference / tolerance).squareRoot().rounded(.up)
    return n <= Double(mostChords) ? max(1, Int(n)) : nil
}

/// Largest distance of a cubic from its chord, exact where the curve does not pass the chord's ends, else a bound.
///
/// With the controls' distances d₁, d₂ from the chord's line the curve's is 3t(1−t)((1−t)d₁ + t·d₂); its extremes are
/// roots of a quadratic.
func chordDistance(_ curve: CubicBezier) -> Double {
    let (cx, cy) = (curve.p3.x - curve.p0.x, curve.p3.y - curve.p0.y)
    let (ax, ay) = (curve.p1.x - curve.p0.x, curve.p1.y - curve.p0.y)
    let (bx, by) = (curve.p2.x - curve.p0.x, curve.p2.y - curve.p0.y)
    let squared = cx * cx + cy * cy
    guard squared > 0 else { return max(ax * ax + ay * ay, bx * bx + by * by).squareRoot() }
    let length = squared.squareRoot()
    let (d1, d2) = ((cx * ay - cy * ax) / length, (cx * by - cy * bx) / length)
    // How far the controls, and so the curve, may reach beyond the chord's ends.
    let (l1, l2) = ((cx * ax + cy * ay) / length, (cx * bx + cy * by) / length)
    let over = max(0, max(-min(l1, l2), max(l1, l2) - length))
    let across = largestBulge(d1, d2)
    return over == 0 ? across : (across * across + over * over).squareRoot()
}

/// Largest |3t(1−t)((1−t)d₁ + t·d₂)| for t in 0…1.
private func largestBulge(_ d1: Double, _ d2: Double) -> Double {
    if d1 == d2 { return 0.75 * d1.magnitude }
    func value(_ t: Double) -> Double { (3 * t * (1 - t) * ((1 - t) * d1 + t * d2)).magnitude }
    // derivative ∝ 3(d₁ − d₂)t² + 2(d₂ − 2d₁)t + d₁
    let (a, b) = (3 * (d1 - d2), d2 - 2 * d1)
    let root = max(0, b * b - a * d1).squareRoot()
    let s = b < 0 ? -b + root : -b - root
    var largest = 0.0
    let t1 = s / a
    if t1 > 0, t1 < 1 { largest = value(t1) }
    if s != 0 {
        let t2 = d1 / s
        if t2 > 0, t2 < 1 { largest = max(largest, value(t2)) }
    }
    return largest
}

/// Parameters at which a curve is cut into chords, spread so that every chord errs about equally.
///
/// Filled and used again from curve to curve, so that no curve costs an allocation.
struct ChordParameters {
    /// Ascending, strictly inside 0…1.
    private(set) var inner: [Double] = []
    private var cumulated: [Double] = []

    /// Places `count − 1` parameters at equal steps.
    mutating func spreadEvenly(_ count: Int) {
        inner.removeAll(keepingCapacity: true)
        for k in 1..<max(1, count) { inner.append(Double(k) / Double(count)) }
    }

    /// Sums a density sampled at equal steps over 0…1; gives the whole.
    mutating func integrate(_ samples: Int, _ density: (Double) -> Double) -> Double {
        cumulated.removeAll(keepingCapacity: true)
        cumulated.append(0)
        var (sum, last) = (0.0, density(0))
        for k in 1...samples {
            let next = density(Double(k) / Double(samples))
            sum += (last + next) / 2
            cumulated.append(sum)
            last = next
        }
        return sum / Double(samples)
    }

    /// Places `count − 1` parameters so that the density's integral is the same between all of them.
    mutating func spread(_ count: Int) {
        inner.removeAll(keepingCapacity: true)
        guard let whole = cumulated.last, whole > 0 else { return spreadEvenly(count) }
        let samples = Double(cumulated.count - 1)
        var k = 1
        for i in 1..<max(1, count) {
            let wanted = whole * Double(i) / Double(count)
            while k < cumulated.count - 1, cumulated[k] < wanted { k += 1 }
            let step = cumulated[k] - cumulated[k - 1]
            let share = step > 0 ? (wanted - cumulated[k - 1]) / step : 0.5
            let t = (Double(k - 1) + share) / samples
            if t > inner.last ?? 0, t < 1 { inner.append(t) }
        }
    }
}

/// How many chords of equal angles keep an arc within `tolerance`; nil when more than `mostChords` would be needed.
func evenStepCount(_ arc: EllipticalArc, tolerance: Double) -> Int? {
    let larger = arc.halfAxes.0
    let step = larger > tolerance ? min(.pi / 2, 4 * arcSine((tolerance / (2 * larger)).squareRoot())) : .pi / 2
    let n = (arc.sweep.magnitude / step - 1e-9).rounded(.up)
    return n <= Double(mostChords) ? max(1, Int(n)) : nil
}

/// How many chords of equal angles an arc is cut into; nil where it is a flat ellipse, or beyond all bounds.
func evenParts(of arc: EllipticalArc, tolerance: Double) -> Int? {
    let (larger, smaller) = arc.halfAxes
    guard let most = evenStepCount(arc, tolerance: tolerance) else { return nil }
    return most <= 4 || smaller > 0.7 * larger ? most : nil
}

/// Chooses parameters (0…1 of the sweep) for an arc: near the fewest chords, every one within `tolerance`.
///
/// On a circle of radius r a chord over the angle Δ errs by r(1 − cos Δ/2); Δ = 4·asin√(τ/2σ) is that solved, in the
/// form that keeps its digits. Flat ellipses are cut by the density of their bend instead.
///
/// - Returns: false when the arc is beyond all bounds and becomes its chord.
func chordParameters(
    of arc: EllipticalArc, tolerance: Double, into parameters: inout ChordParameters
) -> Bool {
    let (larger, smaller) = arc.halfAxes
    guard let most = evenStepCount(arc, tolerance: tolerance) else { return false }
    if let parts = evenParts(of: arc, tolerance: tolerance) {
        parameters.spreadEvenly(parts)
        return true
    }
    let area = larger * smaller
    let whole = parameters.integrate(min(256, max(32, most))) { t in
        let speed = arc.tangent(at: arc.start + arc.sweep * t)
        let squared = speed.x * speed.x + speed.y * speed.y
        return (area / max(squared.squareRoot(), smaller)).squareRoot()
    }
    // area/|A′|·Δ²/8 = τ a chord.
    var count = max(4, Int((whole * arc.sweep.magnitude / (8 * tolerance).squareRoot()).rounded(.up)))
    while count < most {
        parameters.spread(count)
        if worstChord(arc, area, smaller, parameters.inner) <= tolerance { return true }
        count += max(1, count / 16)
    }
    parameters.spreadEvenly(most)
    return true
}

/// Largest distance of an arc from any of its chords: area/|A′|·(1 − cos Δ/2), at the middle of each.
private func worstChord(_ arc: EllipticalArc, _ area: Double, _ smaller: Double, _ inner: [Double]) -> Double {
    var worst = 0.0
    var from = 0.0
    for k in 0...inner.count {
        let to = k < inner.count ? inner[k] : 1
        let middle = arc.tangent(at: arc.start + arc.sweep * (from + to) / 2)
        let speed = max((middle.x * middle.x + middle.y * middle.y).squareRoot(), smaller)
        let quarter = sine(arc.sweep * (to - from) / 4)
        worst = max(worst, area / speed * 2 * quarter * quarter)
        from = to
    }
    return worst
}
