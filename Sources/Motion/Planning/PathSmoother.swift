/// Finds the stretches of a path that are dense enough to be noise or chords, and smooths them within the tolerance.
struct PathSmoother: Sendable {
    private var smoother = BendingSmoother()

    /// Of the tolerance, what smoothing may use at most, which noise needs, and where there is little of that: the rest is for
    /// rounding and commands.
    static let shares = (most: 0.9, usual: 0.4)
    /// Sides up to so many times the tolerance are short.
    private static let shortSide = 16.0
    /// Vertices that a run of short sides has at least.
    private static let shortestRun = 4
    /// The length below which wiggles go, in vertices.
    private static let stiffest = 60.0

    /// Fills `places` with the smoothed path; false, and nothing filled, where there is nothing to smooth.
    ///
    /// - Parameter share: of the tolerance, what it may use.
    /// - Complexity: O(n).
    mutating func smooth(
        _ source: [SIMD2<Double>], into places: inout [SIMD2<Double>], limits: CurveLimits, share: Double
    )
        -> Bool
    {
        let reach = limits.tolerance * share
        guard reach > 0, source.count > Self.shortestRun + 1 else { return false }
        let longest = limits.tolerance * Self.shortSide
        let longestSquared = longest * longest
        // Sagitta of the tolerance on a curve that is passed at full speed.
        let radius = limits.speed * limits.speed / limits.acceleration
        let length = (8 * reach * radius).squareRoot()
        var isFilled = false
        var begin = 1
        var shorts = 0.0
        for i in 1..<source.count {
            let side = source[i] - source[i - 1]
            let squared = (side * side).sum()
            let isShort = squared <= longestSquared
            if isShort { shorts += squared.squareRoot() }
            if isShort && i < source.count - 1 { continue }
            // Vertices between two short sides: from `begin` to before the last of the run.
            let end = isShort ? i : i - 1
            if end - begin >= Self.shortestRun {
                if !isFilled {
                    places = source
                    isFilled = true
                }
                let mean = shorts / Double(end - begin + 1)
                let vertices = max(1, min(Self.stiffest, length / (4 * mean)))
                let stiffness = vertices * vertices * vertices * vertices
                smoother.smooth(&places, source: source, run: begin..<end, stiffness: stiffness, reach: reach)
            }
            begin = i + 1
            shorts = 0
        }
        return isFilled
    }
}
