/// How near another end lies to each of many ends, before any is joined: what that leaves out of a round of joining need
/// not be looked at in it.
///
/// Ends are sorted in strips, along each from one side to the other, and the nearest is looked for in an end's own strip and
/// the two beside it. What is found is never farther than the nearest end, but may be nearer where many crowd.
struct NearEnds {
    /// mm², one an end; infinity where no end lies within the distance. Empty: nothing is known, all count as near.
    private var squares: [Float] = []

    /// Ends looked at for each; where that is not enough, one counts as near at any distance.
    private static let mostLooks = 64

    /// Of ends of which nothing is known.
    init() {}

    /// - Parameters: `isDot` one a piece of two ends: its own ends are not near each other; `distance` mm.
    /// - Complexity: O(n).
    init(_ ends: [Point], isDot: [Bool], within distance: Double) {
        var box = Box()
        for end in ends { box.include(end) }
        let size = box.size
        guard ends.count > 1, size.width.isFinite, size.height.isFinite, distance.isFinite else { return }
        // No wider than what holds an end or two a square: more would be looked at in vain.
        let wanted = Self.limit(distance)
        let usual = (size.width * size.height / Double(ends.count)).squareRoot()
        let strips = size.height / (usual > 0 ? min(wanted, usual) : wanted)
        let count = max(1, min(StripKey.lastStrip, strips.rounded(.down)))
        let height = count > 1 ? size.height / count : .infinity
        let sweep = StripSweep(
            ends, from: box.minimum, strips: Int(count), down: size.height > 0 ? count / size.height : 0,
            across: size.width > 0 ? StripKey.lastPlace / size.width : 0, isDot: isDot)
        let reach = min(wanted, height * (1 - 1e-9))
        squares = sweep.squares(within: reach, mostLooks: Self.mostLooks)
        if reach < wanted {
            let least = Self.below(reach * reach)
            for k in squares.indices where squares[k] == .infinity { squares[k] = least }
        }
    }

    /// Whether another end may lie within `distance` mm of an end, or in one place with it.
    @inline(__always)
    func isNear(_ end: Int32, within distance: Double) -> Bool {
        squares.isEmpty || Double(squares[Int(end)]) <= Self.limit(distance) * Self.limit(distance)
    }

    /// One an end, whether another end may lie within `distance` mm; empty where nothing is known.
    func marked(within distance: Double) -> [Bool] {
        let limit = Self.limit(distance) * Self.limit(distance)
        return squares.map { Double($0) <= limit }
    }

    /// What coincides is near at any distance; a rounding is added.
    @inline(__always)
    private static func limit(_ distance: Double) -> Double { max(distance, 2 * JoinNodes.rounding) * (1 + 1e-6) }

    /// A float that is no greater.
    fileprivate static func below(_ square: Double) -> Float { Float(square * (1 - 1e-6)) }
}

/// Ends in strips, those of each strip along it.
private struct StripSweep {
    private var points: [Point] = []
    private var ends: [Int32] = []
    /// Strip k is `points[starts[k] ..< starts[k + 1]]`.
    private var starts: [Int]
    private let isDot: [Bool]
    /// Ends of a strip may be so much out of their sequence, mm.
    private let slack: Double

    init(_ all: [Point], from corner: Point, strips: Int, down: Double, across: Double, isDot: [Bool]) {
        self.isDot = isDot
        slack = across > 0 ? 1.000_001 / across : 0
        var keys: [UInt64] = []
        keys.reserveCapacity(all.count)
        starts = [Int](repeating: 0, count: strips + 1)
        for (end, point) in all.enumerated() {
            let place = point - corner
            let key = StripKey.of(
                strip: min(place.y * down, Double(strips - 1)), along: place.x * across,
                item: Int32(truncatingIfNeeded: end))
            keys.append(key)
            starts[StripKey.strip(key) + 1] += 1
        }
        for k in 0..<strips { starts[k + 1] += starts[k] }
        keys.sortByUpperHalf()
        ends = keys.map { Int32(truncatingIfNeeded: $0) }
        keys = []
        points = ends.map { all[Int($0)] }
    }

    /// Square of the distance to the nearest other end, or 0 where too many would have to be looked at.
    func squares(within reach: Double, mostLooks: Int) -> [Float] {
        var result = [Float](repeating: .infinity, count: points.count)
        let none = (reach * reach).nextUp
        for strip in 0..<starts.count - 1 {
            let own = starts[strip]..<starts[strip + 1]
            let above = strip > 0 ? starts[strip - 1]..<own.lowerBound : 0..<0
            let below = strip + 2 < starts.count ? own.upperBound..<starts[strip + 2] : 0..<0
            var (up, low) = (above.lowerBound, below.lowerBound)
            for k in own {
                while up < above.upperBound, points[up].x < points[k].x { up += 1 }
                while low < below.upperBound, points[low].x < points[k].x { low += 1 }
                var looks = mostLooks
                var best = none
                look(k + 1..<own.upperBound, and: own.lowerBound..<k, from: k, &best, &looks)
                look(up..<above.upperBound, and: above.lowerBound..<up, from: k, &best, &looks)
                look(low..<below.upperBound, and: below.lowerBound..<low, from: k, &best, &looks)
                if looks <= 0 { best = 0 }
                if best < none { result[Int(ends[k])] = NearEnds.below(best) }
            }
        }
        return result
    }

    /// Looks along a strip in both directions, as far as any may be nearer.
    @inline(__always)
    private func look(
        _ ahead: Range<Int>, and behind: Range<Int>, from own: Int, _ best: inout Double, _ looks: inout Int
    ) {
        for k in ahead where !isNearer(k, own, &best, &looks) { break }
        for k in behind.reversed() where !isNearer(k, own, &best, &looks) { break }
    }

    /// Takes the distance to an end where it is less; false where no further one can be nearer.
    @inline(__always)
    private func isNearer(_ k: Int, _ own: Int, _ best: inout Double, _ looks: inout Int) -> Bool {
        let off = points[k] - points[own]
        let across = max(0, abs(off.x) - slack)
        if across * across > best || looks <= 0 { return false }
        looks -= 1
        let squared = off.x * off.x + off.y * off.y
        if squared < best && !(ends[k] == ends[own] ^ 1 && isDot[Int(ends[k] >> 1)]) { best = squared }
        return true
    }
}
