/// Cuts polylines at the borders of a rectangle and keeps account of what is lost.
///
/// What touches the border stays; cut points lie exactly on it. A closed polyline that is cut keeps its seam drawn:
/// the pieces that meet at its start point are one piece.
package struct Clipping {
    /// A border and what lies beyond it.
    enum Side: Int, CaseIterable { case left, right, top, bottom }

    /// Coordinates that miss the border by so little are moved onto it, mm: what a frame drawn on the border of its page misses
    /// it by, in the units that it was drawn in.
    static let slack = 0.05
    /// A line that leaves a little beyond the border is drawn along it from this length on, mm.
    private static let leastAlong = 1.0

    let bounds: Box
    /// Millimetres lost beyond each side.
    private(set) var lost = [Double](repeating: 0, count: 4)
    /// Polylines that lost something beyond each side.
    private(set) var cut = [Int](repeating: 0, count: 4)

    /// What was lost, up to a bound; the last line may still be open.
    private(set) var lostLines = Polylines()
    /// Points of them, 16 bytes each.
    private static let mostLost = 40_000

    private let loose: Box
    /// As much larger than the border as rounding makes a place that lies on it.
    private let tight: Box
    private var pieces = Polylines()
    private var marks = [false, false, false, false]

    package init(bounds: Box) {
        self.bounds = bounds
        loose = Box(
            minimum: bounds.minimum - Point(Self.slack, Self.slack),
            maximum: bounds.maximum + Point(Self.slack, Self.slack))
        tight = Box(minimum: bounds.minimum - Point(1e-6, 1e-6), maximum: bounds.maximum + Point(1e-6, 1e-6))
    }

    /// Appends to `output` what of `polyline` lies inside.
    ///
    /// - Parameters: `origins` is empty or matches `polyline`; `isClosed` says that the last point repeats the first.
    package mutating func clip(
        _ polyline: ArraySlice<Point>, origins: ArraySlice<CurveOrigin>, isClosed: Bool, into output: inout Polylines
    ) {
        let first = polyline.startIndex
        if polyline.allSatisfy(loose.contains) {
            for k in polyline.indices {
                Self.append(bounds.clamp(polyline[k]), origin(k - first, origins), to: &output)
            }
            output.finish()
            return
        }
        marks = [false, false, false, false]
        if polyline.count == 1 {
            lose(from: polyline[first], to: polyline[first])
        } else {
            pieces = Polylines()
            for k in polyline.indices.dropLast() {
                cutSegment(polyline[k], polyline[k + 1], origin(k - first, origins), origin(k + 1 - first, origins))
            }
            pieces.finish()
            collect(isClosed: isClosed && loose.contains(polyline[first]), into: &output)
        }
        for side in Side.allCases where marks[side.rawValue] { cut[side.rawValue] += 1 }
    }

    private func origin(_ k: Int, _ origins: ArraySlice<CurveOrigin>) -> CurveOrigin? {
        origins.isEmpty ? nil : origins[origins.startIndex + k]
    }

    /// Without `self`: a buffer of its own lent to it would be copied whole for every point.
    private static func append(_ p: Point, _ origin: CurveOrigin?, to lines: inout Polylines) {
        if let origin { lines.append(p, origin: origin) } else { lines.append(p) }
    }

    /// Adds the inner part of the segment a–b to the piece being built, ending or beginning pieces at the border.
    private mutating func cutSegment(_ a: Point, _ b: Point, _ originA: CurveOrigin?, _ originB: CurveOrigin?) {
        guard let (from, to) = drawn(a, b) else {
            pieces.finish()
            return lose(from: a, to: b)
        }
        let none = originA.map { _ in CurveOrigin(segment: -1, parameter: 0) }
        let isOpen = pieces.points.count > (pieces.starts.last ?? 0)
        if from > 0 {
            let entry = a + (b - a) * from
            lose(from: a, to: entry)
            pieces.finish()
            Self.append(bounds.clamp(entry), none, to: &pieces)
        } else if !isOpen {
            Self.append(bounds.clamp(a), originA, to: &pieces)
        }
        if to < 1 {
            let exit = a + (b - a) * to
            Self.append(bounds.clamp(exit), none, to: &pieces)
            pieces.finish()
            lose(from: exit, to: b)
        } else {
            Self.append(bounds.clamp(b), originB, to: &pieces)
        }
    }

    /// Parameters between which a–b is drawn: as far as it is inside, or hardly outside for its whole length or a good part.
    private func drawn(_ a: Point, _ b: Point) -> (Double, Double)? {
        if loose.contains(a), loose.contains(b) { return (0, 1) }
        if let part = Self.inside(tight, a, b) { return part }
        guard let (from, to) = Self.inside(loose, a, b), (to - from) * a.distance(to: b) >= Self.leastAlong else {
            return nil
        }
        return (from, to)
    }

    /// Parameters between which a–b is inside a box (Liang and Barsky 1984); nil when nowhere.
    private static func inside(_ box: Box, _ a: Point, _ b: Point) -> (Double, Double)? {
        var from = 0.0
        var to = 1.0
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let (p, q) = (
            (-dx, dx, -dy, dy),
            (a.x - box.minimum.x, box.maximum.x - a.x, a.y - box.minimum.y, box.maximum.y - a.y)
        )
        for (p, q) in [(p.0, q.0), (p.1, q.1), (p.2, q.2), (p.3, q.3)] {
            if p == 0 {
                if q < 0 { return nil }
            } else if p < 0 {
                from = max(from, q / p)
            } else {
                to = min(to, q / p)
            }
        }
        return from < to || (from == to && dx == 0 && dy == 0) ? (from, to) : nil
    }

    private mutating func lose(from a: Point, to b: Point) {
        let middle = (a + b) * 0.5
        let beyond = [
            bounds.minimum.x - middle.x, middle.x - bounds.maximum.x, bounds.minimum.y - middle.y,
            middle.y - bounds.maximum.y,
        ]
        var side = 0
        for k in 1..<4 where beyond[k] > beyond[side] { side = k }
        lost[side] += a.distance(to: b)
        if lostLines.points.count < Self.mostLost {
            if lostLines.points.last != a {
                lostLines.finish()
                lostLines.append(a)
            }
            lostLines.append(b)
        }
        marks[side] = true
    }

    /// Hands the pieces over; the last is drawn into the first when both meet at the seam of a closed polyline.
    private func collect(isClosed: Bool, into output: inout Polylines) {
        let count = pieces.count
        let joinsSeam = isClosed && count > 1
        for k in (joinsSeam ? 1 : 0)..<max(count, joinsSeam ? 1 : 0) {
            let range = pieces.range(k)
            if range.count < 2 { continue }
            copy(range, to: &output)
            if joinsSeam && k == count - 1 { copy(pieces.range(0).dropFirst(), to: &output) }
            output.finish()
        }
    }

    private func copy(_ range: some Sequence<Int>, to output: inout Polylines) {
        for k in range {
            Self.append(pieces.points[k], pieces.origins.isEmpty ? nil : pieces.origins[k], to: &output)
        }
    }
}
