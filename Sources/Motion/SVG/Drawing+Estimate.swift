extension SVG.Drawing {
    /// About how many points the drawing comes to when it is flattened, clips and dashes apart: hardly ever fewer.
    ///
    /// Room for them is taken at once, so that they need not be moved while they grow in number.
    ///
    /// - Complexity: O(segments), a square root each.
    func pointEstimate(tolerance: Double) -> Int {
        var (count, i) = (0, 0)
        var last = Point(0, 0)
        for verb in outlines.verbs {
            switch verb {
            case .move, .line:
                count += 1
                last = outlines.points[i]
            case .cubic:
                let curve = CubicBezier(last, outlines.points[i], outlines.points[i + 1], outlines.points[i + 2])
                count += equalStepCount(curve, tolerance: tolerance) ?? 1
                last = curve.p3
            case .arc:
                let arc = outlines.arc(at: i)
                count += evenStepCount(arc, tolerance: tolerance) ?? 1
                last = outlines.points[i + 4]
            case .close: count += 1
            }
            i += verb.pointCount
        }
        return count
    }
}
