/// The quickest way from rest to rest along a line of limited speed, acceleration and jerk, in whole ticks.
///
/// Speed rises for `rise` ticks, holds for `hold` and falls for `rise`, averaged over `width`: up to seven commands of constant
/// jerk, none shorter than the shortest. Without the last, and with real times, these would be the optimum (jerk ±J,
/// acceleration ±A, where the way is long enough for them).
struct StraightRun: Equatable, Sendable {
    private(set) var rise: Int32
    private(set) var hold: Int32
    private(set) var width: Int32
    /// Of the rise, mm/tick².
    private(set) var acceleration: Double

    /// Longest phase that is counted in ticks, 11 hours.
    private static let longest = 1e9

    /// - Parameters:
    ///   - length: mm, > 0.
    ///   - speed, most, jerk: mm/tick, mm/tick², mm/tick³.
    ///   - shortest: ticks of a command.
    /// - Returns: nil where it takes longer than ticks can be counted.
    init?(length: Double, speed: Double, most: Double, jerk: Double, shortest: Int32) {
        let least = Double(shortest)
        // The highest acceleration that is reached, by the limit itself, by the speed or by the way.
        var width = min(most / jerk, (speed / jerk).squareRoot(), Self.cubeRoot(length / (2 * jerk)))
        width = max(least, width.rounded(.up))
        let a = min(most, jerk * width)
        // a·rise·(rise + width) = length.
        let reached = ((width * width + 4 * length / a).squareRoot() - width) / 2
        var rise = max(width, min(speed / a, reached)).rounded(.up)
        if rise > width, rise < width + least { width = rise }
        rise = max(rise, width)
        var hold = max(width, (length / speed - rise).rounded(.up), (length / (a * rise) - rise).rounded(.up))
        if hold > width, hold < width + least { hold = width + least }
        guard rise < Self.longest, hold < Self.longest / 4, width < Self.longest / 4 else { return nil }
        acceleration = length / (rise * (rise + hold))
        (self.rise, self.hold, self.width) = (Int32(rise), Int32(hold), Int32(width))
    }

    private static func cubeRoot(_ value: Double) -> Double {
        var root = max(value, 1e-30).squareRoot()
        // Newton's method from above, where it converges from any beginning.
        root = max(root, 1)
        for _ in 0..<60 { root = (2 * root + value / (root * root)) / 3 }
        return root
    }

    var ticks: Int32 { 2 * rise + hold + width }
}
