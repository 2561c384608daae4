/// How far motion may lie beside a rounded path, and how far it does.
extension RoundedPath {
    /// What the rounding of corners leaves of the tolerances at a part, mm.
    func slack(of part: Part, _ limits: CurveLimits) -> Double {
        let isCorner = part.isLine || isCorner(part)
        let most = isCorner ? max(limits.cornerTolerance, limits.tolerance) : limits.tolerance
        return max(0.04 * limits.cornerTolerance, min(limits.tolerance, most - rounding(of: part)))
    }

    /// How far smoothing has moved a place of the path, mm.
    ///
    /// - Parameter origin: where its vertices were; none where it has not been smoothed.
    func drift(_ part: Part, _ offset: Double, from origin: ArraySlice<SIMD2<Double>>) -> SIMD2<Double> {
        guard origin.count == vertices.count else { return SIMD2(0, 0) }
        var side = part.isLine ? Int(~part.place) : Int(part.place)
        var along = part.begin + offset
        if !part.isLine { along -= legs[side] }
        if along < 0 {
            side -= 1
            along += sides[side]
        }
        let first = vertices[side] - origin[origin.startIndex + side]
        let last = vertices[side + 1] - origin[origin.startIndex + side + 1]
        return first + (last - first) * (along / sides[side])
    }

    /// How far a place lies from the sides that begin within `way` of a part, and from those next to it, mm.
    ///
    /// - Complexity: O(sides within `way`).
    func distance(of place: SIMD2<Double>, from part: Part, within way: Double) -> Double {
        let middle = part.isLine ? Int(~part.place) : Int(part.place)
        var least = Double.infinity
        var (side, ahead) = (middle, -sides[min(middle, sides.count - 1)])
        while side < sides.count, ahead <= way {
            least = min(least, distanceSquared(place, from: side))
            ahead += sides[side]
            side += 1
        }
        var behind = 0.0
        side = middle - 1
        while side >= 0, behind <= way {
            least = min(least, distanceSquared(place, from: side))
            behind += sides[side]
            side -= 1
        }
        return least.squareRoot()
    }

    private func distanceSquared(_ place: SIMD2<Double>, from side: Int) -> Double {
        let off = place - vertices[side]
        let along = max(0, min(sides[side], (off * directions[side]).sum()))
        let beside = off - directions[side] * along
        return (beside * beside).sum()
    }
}
