/// Corners that commands would cut too far: their control points are moved outwards.
extension CurvePlanner {
    /// How far a control point is moved for each distance that is wanted at the corner: its knots follow it by a half.
    private static let lever = 4.0 / 3

    /// Moves control points outwards where a command passes a corner at a greater distance than it may.
    ///
    /// A command that rounds a corner and the lines next to it lies farther inside than the rounding alone; moved outwards
    /// it lies on both sides of the path instead.
    /// - Parameters:
    ///   - limits: of the whole path.
    ///   - start: the vertex of the line that the section begins at.
    /// - Complexity: O(commands + corners).
    mutating func moveOutwards(_ limits: CurveLimits, start: Int) {
        let allowed = limits.cornerTolerance / CurveLimits.shareOfCorners.unsigned
        let most = limits.tolerance
        let count = controls.count
        guard count > 2 else { return }
        passed.removeAll(keepingCapacity: true)
        for k in 0..<count {
            for i in corners(k) where path.isCorner(at: i) {
                if passed.isEmpty {
                    passed = Array(repeating: (.infinity, -1, SIMD2(0, 0)), count: path.vertices.count)
                }
                let off = source[start + i] - nearest(to: source[start + i], k)
                let distance = (off * off).sum().squareRoot()
                if distance < passed[i].distance { passed[i] = (distance, k, off) }
            }
        }
        for (distance, k, off) in passed where k > 0 && k < count - 1 && distance > allowed {
            controls[k] += off * (min(most, (distance - allowed) * Self.lever) / distance)
        }
    }

    /// The place on the parabola of a command that is nearest to a place.
    private func nearest(to place: SIMD2<Double>, _ k: Int) -> SIMD2<Double> {
        let (a, c, b) = (self.place(k), controls[k], self.place(k + 1))
        let (first, second) = (c - a, b - c)
        var best = a
        var (least, at) = (Double.infinity, 0.5)
        func look(_ u: Double) {
            let there = a + (first + first + (second - first) * u) * u
            let off = there - place
            let squared = (off * off).sum()
            if squared < least { (least, best, at) = (squared, there, u) }
        }
        for i in 0...8 { look(Double(i) / 8) }
        let middle = at
        for offset in [-0.04, 0.04] { look(max(0, min(1, middle + offset))) }
        return best
    }
}
