extension SVG {
    /// Cuts outlines at a box around the page that is far larger than any plotter: what is beyond is a mistake, and no reason
    /// to refuse the rest.
    ///
    /// Straight segments are cut where they leave, curves within a metre of that. Fills stay closed: along the box where they
    /// were cut. What is not a number is left out with the segments that touch it.
    struct ReachCut {
        /// A segment by its end.
        private enum Piece {
            case line(Point)
            case cubic(Point, Point, Point)
            case arc(EllipticalArc, Point)

            var end: Point {
                switch self {
                case .line(let end), .arc(_, let end), .cubic(_, _, let end): end
                }
            }
        }

        private let reach = Limit.reach
        private var start = Point(0, 0)
        private var pieces: [Piece] = []
        /// The last segment in hand goes to where the outline began by `close`.
        private var isClosed = false
        private var isTouched = false
        /// Segments that were cut or left out.
        private(set) var count = 0
        /// Bounds of the subpaths that are whole.
        private(set) var whole = Box.empty

        /// Pieces of a curve shorter than this in both directions are not split any more, mm.
        private static let finest = 1000.0
        private static let mostHalvings = 48

        /// Whether a place is within reach; one that is not a number is not.
        func reaches(_ p: Point) -> Bool { p.x.magnitude <= reach && p.y.magnitude <= reach }

        /// Whether all of an arc is within reach.
        func reaches(_ arc: EllipticalArc, to end: Point) -> Bool {
            let (x, y) = (arc.u.x.magnitude + arc.v.x.magnitude, arc.u.y.magnitude + arc.v.y.magnitude)
            if arc.center.x.magnitude + x <= reach, arc.center.y.magnitude + y <= reach { return reaches(end) }
            let box = arc.bounds
            return reaches(box.minimum) && reaches(box.maximum) && reaches(end)
        }

        /// Copies an outline, cut.
        ///
        /// - Parameter isFilled: whether it bounds an area.
        mutating func append(
            _ source: PathBuffer, verbs: Range<Int>, points first: Int, isFilled: Bool, to output: inout PathBuffer
        ) {
            var i = first
            var last = Point(0, 0)
            for verb in source.verbs[verbs] {
                switch verb {
                case .move:
                    finish(isFilled, &output)
                    start = source.points[i]
                    isTouched = !reaches(start)
                    last = start
                case .line: add(.line(source.points[i]))
                case .cubic:
                    let (p1, p2, p3) = (source.points[i], source.points[i + 1], source.points[i + 2])
                    split(CubicBezier(last, p1, p2, p3), 0)
                case .arc: split(source.arc(at: i), to: source.points[i + 4], 0)
                case .close:
                    isClosed = true
                    finish(isFilled, &output)
                    // What follows without a move begins where this began.
                    last = start
                    isTouched = !reaches(start)
                }
                i += verb.pointCount
                if let end = pieces.last?.end { last = end }
            }
            finish(isFilled, &output)
            start = Point(0, 0)
        }

        private mutating func add(_ piece: Piece) {
            if !reaches(piece.end) { isTouched = true }
            pieces.append(piece)
        }

        // MARK: curves

        private mutating func split(_ curve: CubicBezier, _ depth: Int) {
            let (p0, p1, p2, p3) = (curve.p0, curve.p1, curve.p2, curve.p3)
            if reaches(p0), reaches(p1), reaches(p2), reaches(p3) { return pieces.append(.cubic(p1, p2, p3)) }
            isTouched = true
            var box = Box.empty
            for p in [p0, p1, p2, p3] { box.include(p) }
            guard p0.isFinite, p1.isFinite, p2.isFinite, p3.isFinite, mayBeSplit(box, depth) else {
                return pieces.append(.line(p3))
            }
            let (a, b, c) = (middle(p0, p1), middle(p1, p2), middle(p2, p3))
            let (ab, bc) = (middle(a, b), middle(b, c))
            let half = middle(ab, bc)
            split(CubicBezier(p0, a, ab, half), depth + 1)
            split(CubicBezier(half, bc, c, p3), depth + 1)
        }

        private mutating func split(_ arc: EllipticalArc, to end: Point, _ depth: Int) {
            if reaches(arc, to: end) { return pieces.append(.arc(arc, end)) }
            isTouched = true
            let box = arc.bounds
            guard box.minimum.isFinite, box.maximum.isFinite, end.isFinite, mayBeSplit(box, depth) else {
                return pieces.append(.line(end))
            }
            var (first, second) = (arc, arc)
            first.sweep = arc.sweep / 2
            second.start = arc.start + first.sweep
            second.sweep = arc.sweep - first.sweep
            split(first, to: arc.point(at: second.start), depth + 1)
            split(second, to: end, depth + 1)
        }

        private func mayBeSplit(_ box: Box, _ depth: Int) -> Bool {
            let isBeside =
                box.minimum.x > reach || box.maximum.x < -reach || box.minimum.y > reach || box.maximum.y < -reach
            let size = max(box.maximum.x - box.minimum.x, box.maximum.y - box.minimum.y)
            return !isBeside && size > Self.finest && depth < Self.mostHalvings
        }

        private func middle(_ a: Point, _ b: Point) -> Point { Point(a.x / 2 + b.x / 2, a.y / 2 + b.y / 2) }

        // MARK: subpaths

        /// Writes the subpath in hand.
        private mutating func finish(_ isFilled: Bool, _ output: inout PathBuffer) {
            defer {
                pieces.removeAll(keepingCapacity: true)
                isClosed = false
            }
            guard !pieces.isEmpty || isClosed else { return }
            guard isTouched else {
                let (verbs, points) = (output.verbs.count, output.points.count)
                output.move(to: start)
                for piece in pieces { write(piece, &output) }
                if isClosed { output.close() }
                whole.include(output.bounds(verbs: verbs..<output.verbs.count, points: points, through: .identity))
                return
            }
            count += 1
            if isClosed, pieces.isEmpty || pieces.last?.end != start { pieces.append(.line(start)) }
            if isFilled { writeArea(&output) } else { writeLines(&output) }
        }

        private func write(_ piece: Piece, _ output: inout PathBuffer) {
            switch piece {
            case .line(let end): output.line(to: end)
            case .cubic(let p1, let p2, let p3): output.cubic(p1, p2, to: p3)
            case .arc(let arc, let end): output.arc(arc, to: end)
            }
        }

        private func writeLines(_ output: inout PathBuffer) {
            var last = start
            // Where the output's pen is, if that is where the outline goes on.
            var pen: Point?
            for piece in pieces {
                let end = piece.end
                defer { last = end }
                if case .line = piece {
                    guard let (a, b) = cut(last, end) else {
                        pen = nil
                        continue
                    }
                    if pen != a { output.move(to: a) }
                    output.line(to: b)
                    pen = b
                } else {
                    if pen != last { output.move(to: last) }
                    write(piece, &output)
                    pen = end
                }
            }
        }

        /// What of a straight segment is within reach.
        private func cut(_ a: Point, _ b: Point) -> (Point, Point)? {
            guard isNumber(a), isNumber(b) else { return nil }
            // Seen from the end that is within reach, so that the other may be ever so far away.
            let isTurned = !reaches(a) && reaches(b)
            let (origin, target) = isTurned ? (b, a) : (a, b)
            let way = target - origin
            var (from, to) = (0.0, 1.0)
            for (place, step) in [(origin.x, way.x), (origin.y, way.y)] {
                if step == 0 {
                    if place.magnitude > reach { return nil }
                    continue
                }
                let (s, t) = ((-reach - place) / step, (reach - place) / step)
                from = max(from, min(s, t))
                to = min(to, max(s, t))
            }
            guard from < to else { return nil }
            let first = from == 0 ? origin : origin + way * from
            let second = to == 1 ? target : origin + way * to
            // Between two ends that are too far to tell where between them the page lies.
            guard first.x.magnitude + first.y.magnitude + second.x.magnitude + second.y.magnitude < 5 * reach else {
                return nil
            }
            return isTurned ? (second, first) : (first, second)
        }

        /// Whether one can reckon with a place.
        private func isNumber(_ p: Point) -> Bool { p.x.magnitude < 1e100 && p.y.magnitude < 1e100 }

        /// Cuts by one side of the box after the other (Sutherland and Hodgman); curves are within reach already.
        private mutating func writeArea(_ output: inout PathBuffer) {
            guard isNumber(start), pieces.allSatisfy({ isNumber($0.end) }), !pieces.isEmpty else { return }
            if pieces.last?.end != start { pieces.append(.line(start)) }
            for side in 0..<4 {
                guard let last = pieces.last?.end else { return }
                var (kept, place): ([Piece], Point) = ([], last)
                for piece in pieces {
                    let (before, after) = (excess(place, side), excess(piece.end, side))
                    if case .line(let end) = piece {
                        if (before > 0) != (after > 0) { kept.append(.line(crossing(place, end, side))) }
                        if after <= 0 { kept.append(piece) }
                    } else {
                        kept.append(piece)
                    }
                    place = piece.end
                }
                pieces = kept
            }
            guard let end = pieces.last?.end else { return }
            output.move(to: end)
            for piece in pieces { write(piece, &output) }
            output.close()
        }

        /// How far a place lies beyond one side of the box.
        private func excess(_ p: Point, _ side: Int) -> Double {
            switch side {
            case 0: p.x - reach
            case 1: -p.x - reach
            case 2: p.y - reach
            default: -p.y - reach
            }
        }

        private func crossing(_ a: Point, _ b: Point, _ side: Int) -> Point {
            let (before, after) = (excess(a, side), excess(b, side))
            // From the end within: the other may be ever so far away.
            let (from, to) = before <= 0 ? (a, b) : (b, a)
            let share = min(before, after) / (min(before, after) - max(before, after))
            let (x, y) = (from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
            switch side {
            case 0: return Point(reach, y)
            case 1: return Point(-reach, y)
            case 2: return Point(x, reach)
            default: return Point(x, -reach)
            }
        }
    }
}

extension SVG.Renderer {
    /// Cuts what reaches very far off the page and tells it; gives the bounds of what is whole, nil where all is.
    ///
    /// - Complexity: one look at every point; a copy of all outlines where something is cut.
    mutating func cutAtReach() throws(SVG.Fault) -> Box? {
        var cut = SVG.ReachCut()
        guard let first = paths.firstIndex(where: { reachesTooFar($0, cut) }) else { return nil }
        try meter.require(bytes: heldBytes + outlines.heldBytes, at: Int(paths[first].offset))
        var (kept, output): ([SVG.Drawing.StyledPath], PathBuffer) = ([], PathBuffer())
        output.reserve(verbs: outlines.verbs.count, points: outlines.points.count)
        for path in paths {
            try meter.spend(path.verbs.count, on: "outlines far outside the page", at: Int(path.offset))
            let (verbs, points, before) = (output.verbs.count, output.points.count, cut.count)
            cut.append(
                outlines, verbs: Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound), points: Int(path.firstPoint),
                isFilled: styles[Int(path.style)].fill != nil || path.isArea, to: &output)
            if cut.count > before {
                log.add(
                    .warning, "out-of-reach", "what is drawn more than 100 m away from the page is left out",
                    at: Int(path.offset))
            }
            guard output.verbs.count > verbs else { continue }
            var path = path
            path.verbs = Int32(verbs)..<Int32(output.verbs.count)
            path.firstPoint = Int32(points)
            kept.append(path)
        }
        if kept.isEmpty {
            throw SVG.Fault(
                offset: Int(paths[first].offset),
                reason: .unusable("everything is drawn more than 100 m away from the page"))
        }
        (paths, outlines) = (kept, output)
        return cut.whole
    }

    private func reachesTooFar(_ path: SVG.Drawing.StyledPath, _ cut: SVG.ReachCut) -> Bool {
        var i = Int(path.firstPoint)
        for verb in outlines.verbs[Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound)] {
            defer { i += verb.pointCount }
            if verb == .arc {
                if !cut.reaches(outlines.arc(at: i), to: outlines.points[i + 4]) { return true }
            } else if outlines.points[i..<i + verb.pointCount].contains(where: { !cut.reaches($0) }) {
                return true
            }
        }
        return false
    }
}
