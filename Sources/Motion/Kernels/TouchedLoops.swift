extension Polylines {
    /// Closed polylines that an end of another touches anywhere, turned so that they begin and end there: what ends in the
    /// middle of a closed stroke is then drawn in one with it.
    ///
    /// Each is turned to the nearest such end within `distance` that meets no other; a vertex is put in where it touches a side.
    /// - Returns: how many were turned.
    /// - Complexity: O(points + length of closed polylines / distance); beyond `mostPlaces` nothing is turned.
    mutating func turnLoops(_ members: [Int32], distance: Double) -> Int {
        let distance = max(distance, 2 * JoinNodes.rounding)
        let loops = members.filter { isLoop(Int($0)) }
        guard !loops.isEmpty, loops.count < members.count else { return 0 }
        let free = freeEnds(members)
        if free.isEmpty || loops.reduce(0, { $0 + length(Int($1)) }) / distance > Self.mostPlaces { return 0 }
        let grid = JoinGrid(free, distance: 2 * distance)
        var touches: [Int: LoopTouch] = [:]
        for loop in loops {
            if let touch = touch(Int(loop), grid, free, distance) { touches[Int(loop)] = touch }
        }
        if touches.isEmpty { return 0 }
        var result = Polylines()
        result.reserve(points: points.count + touches.count, polylines: count)
        for i in 0..<count {
            if let touch = touches[i] { result.append(turned(i, touch)) } else { result.append(self, range(i)) }
            result.finish()
        }
        self = result
        return touches.count
    }

    /// Places at which sides are compared with ends.
    private static let mostPlaces = 4e6

    private func isLoop(_ i: Int) -> Bool {
        let range = range(i)
        return range.count > 3 && points[range.lowerBound] == points[range.upperBound - 1]
    }

    /// Ends of open polylines that no other end meets.
    private func freeEnds(_ members: [Int32]) -> [Point] {
        var ends: [Point] = []
        for member in members where range(Int(member)).count > 1 {
            let range = range(Int(member))
            ends.append(points[range.lowerBound])
            ends.append(points[range.upperBound - 1])
        }
        let nodes = JoinNodes(ends: ends, distance: 0)
        var counts = [Int32](repeating: 0, count: nodes.count)
        for node in nodes.nodeOf { counts[Int(node)] += 1 }
        return ends.indices.filter { counts[Int(nodes.nodeOf[$0])] == 1 }.map { ends[$0] }
    }

    /// Where the nearest end touches a closed polyline; nil where none does, or one does at its start.
    private func touch(_ i: Int, _ grid: JoinGrid, _ free: [Point], _ distance: Double) -> LoopTouch? {
        let range = range(i)
        var near = NearPlaces()
        grid.find(&near, to: points[range.lowerBound])
        if near.count > 0, near.gaps[0] <= distance { return nil }
        var best: LoopTouch?
        for k in range.dropLast() {
            let (a, side) = (points[k], points[k + 1] - points[k])
            let squared = side.x * side.x + side.y * side.y
            let parts = max(1, (squared.squareRoot() / distance).rounded(.up))
            for part in 0..<Int(parts) {
                grid.find(&near, to: a + side * ((Double(part) + 0.5) / parts))
                for j in 0..<near.count {
                    let off = free[Int(near.places[j])] - a
                    let share = squared > 0 ? max(0, min(1, (off.x * side.x + off.y * side.y) / squared)) : 0
                    let gap = off.distance(to: side * share)
                    if gap <= distance, gap < best?.gap ?? .infinity {
                        best = LoopTouch(side: k - range.lowerBound, place: a + side * share, gap: gap)
                    }
                }
            }
        }
        return best
    }

    private func turned(_ i: Int, _ touch: LoopTouch) -> [Point] {
        let ring = Array(self[i].dropLast())
        let order = Array(ring[(touch.side + 1)...] + ring[...touch.side])
        var result = [touch.place]
        for point in order where point.distance(to: result[result.count - 1]) > 2 * JoinNodes.rounding {
            result.append(point)
        }
        if touch.place.distance(to: result[result.count - 1]) <= 2 * JoinNodes.rounding, result.count > 1 {
            result.removeLast()
        }
        return result + [touch.place]
    }
}

/// Where a closed polyline is touched.
private struct LoopTouch {
    /// Offset of the side's first vertex.
    var side: Int
    var place: Point
    var gap: Double
}
