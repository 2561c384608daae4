/// What is joined at its ends: single strokes at first, then what was joined of them.
///
/// Ends are numbered by piece · 2, + 1 for the last point.
struct JoinPieces {
    private(set) var ends: [Point] = []
    private(set) var isDot: [Bool] = []
    /// mm, one a piece; of long ones only that they are longer than twice the joining distance.
    private(set) var lengths: [Double] = []
    /// Where pieces are trails: those trails, closed ones turned to where others are near.
    private(set) var rotated = Trails()
    /// What trails consist of; directions are looked up in it, few of which are asked for.
    private var strokes = (members: [Int32](), lines: Polylines())

    /// Ends that may be joined as they are, as long as nothing says how long their pieces are.
    init(ends: [Point], isDot: [Bool]) {
        self.ends = ends
        self.isDot = isDot
        lengths = isDot.map { $0 ? 0 : .infinity }
    }

    /// Strokes.
    init(_ members: [Int32], of lines: Polylines, distance: Double) {
        strokes = (members, lines)
        reserve(members.count)
        for member in members {
            let range = lines.range(Int(member))
            ends.append(lines.points[range.lowerBound])
            ends.append(lines.points[range.upperBound - 1])
            isDot.append(range.count < 2)
            var length = 0.0
            for k in range.dropFirst() where length <= 2 * distance {
                length += lines.points[k - 1].distance(to: lines.points[k])
            }
            lengths.append(length)
        }
    }

    /// Trails of pieces. A closed one begins at its place nearest to an end of an open one within `distance`.
    init(_ trails: Trails, of pieces: JoinPieces, distance: Double) {
        reserve(trails.count)
        strokes = pieces.strokes
        rotated = trails
        rotated.turnRings(pieces, distance: distance)
        for k in 0..<rotated.count {
            let range = rotated.starts[k]..<rotated.starts[k + 1]
            let (first, last) = (rotated.items[range.lowerBound], rotated.items[range.upperBound - 1] ^ 1)
            ends.append(pieces.ends[Int(first)])
            // A ring ends where it began, whatever rounding says.
            ends.append(pieces.ends[Int(rotated.isClosed[k] ? first : last)])
            isDot.append(range.count == 1 && pieces.isDot[Int(first >> 1)])
            var length = 0.0
            for i in range where length <= 2 * distance { length += pieces.lengths[Int(rotated.items[i] >> 1)] }
            lengths.append(length)
        }
    }

    private mutating func reserve(_ count: Int) {
        ends.reserveCapacity(2 * count)
        isDot.reserveCapacity(count)
        lengths.reserveCapacity(count)
    }

    /// Unit vector away from an end along its piece; none where nothing says how pieces lie.
    func direction(_ end: Int32) -> Point {
        var end = end
        if rotated.count > 0 {
            let k = Int(end >> 1)
            end =
                end & 1 == 0 ? rotated.items[rotated.starts[k]] : rotated.items[rotated.starts[k + 1] - 1] ^ 1
        }
        guard Int(end >> 1) < strokes.members.count else { return Point(0, 0) }
        let range = strokes.lines.range(Int(strokes.members[Int(end >> 1)]))
        let own = end & 1 == 0 ? range.lowerBound : range.upperBound - 1
        if range.count < 2 { return Point(0, 0) }
        return unit(from: strokes.lines.points[own], to: strokes.lines.points[end & 1 == 0 ? own + 1 : own - 1])
    }

    /// Whether two ends may be linked: across no gap that is longer than either piece.
    @inline(__always)
    func mayLink(_ a: Int32, _ b: Int32) -> Bool {
        let least = min(lengths[Int(a >> 1)], lengths[Int(b >> 1)])
        let gap = ends[Int(a)].distance(to: ends[Int(b)])
        return gap <= least || gap <= 2 * JoinNodes.rounding
    }
}

private func unit(from a: Point, to b: Point) -> Point {
    let length = a.distance(to: b)
    return length > 0 ? (b - a) * (1 / length) : Point(0, 0)
}

extension Trails {
    /// Turns closed trails of several pieces so that they begin where an end of an open trail is nearest.
    fileprivate mutating func turnRings(_ pieces: JoinPieces, distance: Double) {
        guard (0..<count).contains(where: { isClosed[$0] && starts[$0 + 1] - starts[$0] > 1 }) else { return }
        var open: [Point] = []
        for k in 0..<count where !isClosed[k] {
            open.append(pieces.ends[Int(items[starts[k]])])
            open.append(pieces.ends[Int(items[starts[k + 1] - 1] ^ 1)])
        }
        if open.isEmpty { return }
        var onRings: [Point] = []
        for k in 0..<count where isClosed[k] && starts[k + 1] - starts[k] > 1 {
            for i in starts[k]..<starts[k + 1] { onRings.append(pieces.ends[Int(items[i])]) }
        }
        let grid = JoinGrid(JoinGrid.thinned(open, to: onRings, distance: distance), distance: distance)
        var near = NearPlaces()
        for k in 0..<count where isClosed[k] && starts[k + 1] - starts[k] > 1 {
            let range = starts[k]..<starts[k + 1]
            var (best, least) = (range.lowerBound, Double.infinity)
            for i in range {
                grid.find(&near, to: pieces.ends[Int(items[i])])
                if near.count > 0 && near.gaps[0] < least { (best, least) = (i, near.gaps[0]) }
            }
            if best > range.lowerBound {
                items.replaceSubrange(
                    range, with: Array(items[best..<range.upperBound] + items[range.lowerBound..<best]))
            }
        }
    }
}
