/// Strokes in machine coordinates, inside page and machine, by group; the working state of planning.
struct PlacedStrokes {
    let placement: Placement
    private(set) var lines = Polylines()
    /// Whether chords stand for curves, one a polyline of `lines`.
    private var isCurved: [Bool] = []
    /// Whether a polyline has hardly used its tolerance, one a polyline of `lines`; empty where none is known to.
    private(set) var isExact: [Bool] = []
    /// What colours there are, and the colour of each polyline of `lines` among them.
    private(set) var palette: [PenColour?] = []
    private(set) var colourOf: [Int32] = []
    /// Group without its members, and the polylines of `lines` that belong to it.
    private(set) var groups: [(about: StrokeGroup, members: [Int32])] = []
    private var clipping: Clipping
    /// Pieces of 65,536 points that are simplified before they are put together.
    private static let chunksAtATime = 16
    private let pageBox: Box
    private let machineBox: Box

    init(placement: Placement, profile: MachineProfile) {
        self.placement = placement
        let origin = placement.pageOrigin
        pageBox = Box(minimum: origin, maximum: origin + Point(placement.page.width, placement.page.height))
        machineBox = Box(minimum: Point(0, 0), maximum: Point(profile.travel.width, profile.travel.height))
        clipping = Clipping(bounds: pageBox.intersection(machineBox))
    }

    /// What was cut away, for pictures.
    var lost: Polylines {
        var lost = clipping.lostLines
        lost.finish()
        return lost
    }

    var hasLosses: Bool { clipping.cut.contains { $0 > 0 } }

    /// Places and cuts the members of a group; a group of which nothing is left is not kept.
    mutating func add(_ group: StrokeGroup, of drawing: FlatDrawing, minimumLength: Double) {
        let first = lines.count
        if palette.isEmpty { palette = drawing.styles.map { $0.stroke ?? $0.fill } + [nil] }
        var placed: [Point] = []
        for member in group.members {
            let range = drawing.polylines.range(Int(member))
            placed.removeAll(keepingCapacity: true)
            for k in range { placed.append(placement(drawing.polylines.points[k])) }
            if placed.count > 1 && placed.allSatisfy({ $0 == placed[0] }) { placed.removeSubrange(1...) }
            if minimumLength > 0 && pathLength(placed) < minimumLength { continue }
            if !placed.allSatisfy(\.isFinite) { continue }
            let origins = drawing.polylines.origins
            let isClosed = Int(member) < drawing.isClosed.count && drawing.isClosed[Int(member)]
            clipping.clip(
                placed[...], origins: origins.isEmpty ? [] : origins[range.prefix(placed.count)], isClosed: isClosed,
                into: &lines)
            let isCurve = Int(member) >= drawing.isCurved.count || drawing.isCurved[Int(member)]
            while isCurved.count < lines.count { isCurved.append(isCurve) }
            let style = Int(member) < drawing.styleOf.count ? drawing.styleOf[Int(member)] : Int32(palette.count - 1)
            while colourOf.count < lines.count { colourOf.append(style) }
        }
        guard lines.count > first else { return }
        var about = group
        about.members = []
        groups.append((about, (first..<lines.count).map { Int32(truncatingIfNeeded: $0) }))
    }

    /// One `clipped` diagnostic for each side beyond which something was lost.
    var diagnostics: [Diagnostic] {
        let pageCorners = (pageBox.minimum, pageBox.maximum)
        let corners = (machineBox.minimum, machineBox.maximum)
        let isMachines = [
            corners.0.x > pageCorners.0.x, corners.1.x < pageCorners.1.x, corners.0.y > pageCorners.0.y,
            corners.1.y < pageCorners.1.y,
        ]
        return Clipping.Side.allCases.compactMap { side in
            let k = side.rawValue
            guard clipping.cut[k] > 0 else { return nil }
            let border = isMachines[k] ? "reach of the machine" : "page"
            let millimetres = (clipping.lost[k] * 100).rounded() / 100
            return Diagnostic(
                .warning, code: "clipped", message: "\(millimetres) mm lost beyond the \(side) side of the \(border)",
                count: clipping.cut[k])
        }
    }

    /// Draws each polyline once a group, whichever way it is drawn the second time.
    ///
    /// - Returns: how many were dropped, and by group those of them that may be worth drawing again all the same.
    mutating func dropDuplicates(
        options: PlotOptions, profile: MachineProfile
    ) -> (count: Int, useful: [[Int32]]) {
        var useful: [[Int32]] = []
        if options.keepsDuplicates { return (0, []) }
        var dropped = 0
        for k in groups.indices {
            let all = groups[k].members
            let kept = withoutDuplicates(all, in: lines)
            groups[k].members = kept
            useful.append([])
            if kept.count == all.count { continue }
            dropped += all.count - kept.count
            guard options.joins, options.order == .full || options.order == .join else { continue }
            var repeats: [Int32] = []
            var place = 0
            for member in all {
                if place < kept.count, kept[place] == member { place += 1 } else { repeats.append(member) }
            }
            var cost = PlanCost(profile: profile, options: options, codes: groups[k].about.codes)
            let lift = cost.usualLift
            useful[k] = UsefulDuplicates(kept: kept, repeats: repeats, of: lines, lift: lift) {
                cost.drawing(lines[Int($0)])
            }.chosen()
        }
        return (dropped, useful)
    }

    /// The same strokes with more of them, by group.
    func with(_ more: [[Int32]]) -> PlacedStrokes {
        var result = self
        for (k, members) in more.enumerated() { result.groups[k].members = (groups[k].members + members).sorted() }
        return result
    }

    /// Turns closed strokes to where ends of others touch them, if ends that meet are joined at all.
    mutating func turnTouchedLoops(options: PlotOptions) {
        guard options.joins, options.order == .full || options.order == .join else { return }
        for group in groups { _ = lines.turnLoops(group.members, distance: options.joinDistance) }
    }

    /// Lets the polylines go.
    mutating func forgetLines() { lines = Polylines() }

    /// Makes room for points and polylines; what is not used is never touched and costs no memory.
    mutating func reserve(points: Int, polylines: Int) { lines.reserve(points: points, polylines: polylines) }

    /// Drops points that the drawing does not need, by its share of the tolerance; polylines keep their indexes.
    mutating func simplify(tolerance: Double, execution: PlanExecution) {
        guard tolerance > 0 else { return }
        guard lines.points.count > 2 * lines.count else {
            isExact = isCurved.map { !$0 }
            return
        }
        let source = lines
        let chunks = source.chunks(ofPoints: 1 << 16)
        var result = Polylines()
        if chunks.count > 1 { result.reserve(points: source.points.count, polylines: source.count) }
        // Some at a time: all of them beside source and result would be a third copy.
        for first in stride(from: 0, to: chunks.count, by: Self.chunksAtATime) {
            let wave = chunks[first..<min(first + Self.chunksAtATime, chunks.count)]
            let parts = execution.map(wave.count) { [isCurved] part in
                source.simplified(wave[first + part], isCurved: isCurved, tolerance: tolerance)
            }
            for part in parts {
                if chunks.count > 1 { result.append(contentsOf: part.lines) } else { result = part.lines }
                isExact += part.isExact
            }
        }
        lines = result
    }
}

private func pathLength(_ points: [Point]) -> Double {
    var sum = 0.0
    for k in points.indices.dropLast() { sum += points[k].distance(to: points[k + 1]) }
    return sum
}

extension Polylines {
    /// Ranges of polylines with about `size` points each; they depend on the polylines alone.
    func chunks(ofPoints size: Int) -> [Range<Int>] {
        var chunks: [Range<Int>] = []
        var first = 0
        for i in 0..<count where starts[i + 1] - starts[first] >= size {
            chunks.append(first..<(i + 1))
            first = i + 1
        }
        if first < count { chunks.append(first..<count) }
        return chunks
    }

    /// Some polylines with fewer points, each within its share of the tolerance of what it was, and which of them have
    /// hardly used any.
    ///
    /// - Parameter used: share of the tolerance that joining has used.
    func simplified(
        _ chunk: Range<Int>, isCurved: [Bool], tolerance: Double, used: Double = 0
    ) -> (lines: Polylines, isExact: [Bool]) {
        var result = Polylines()
        var exact: [Bool] = []
        exact.reserveCapacity(chunk.count)
        var kept: [Int] = []
        for i in chunk {
            let range = range(i)
            let line = points.span.extracting(range)
            func keep(_ share: Double) {
                kept.removeAll(keepingCapacity: true)
                Motion.simplify(line, tolerance: tolerance * share) { kept.append(range.lowerBound + $0) }
            }
            keep(isCurved[i] ? ToleranceShare.points : max(ToleranceShare.points, ToleranceShare.linePoints - used))
            let isExact = !isCurved[i] && kept.count * 2 > range.count
            if isExact && kept.count < range.count { keep(ToleranceShare.points) }
            exact.append(isExact && used <= ToleranceShare.points)
            result.append(self, kept)
            result.finish()
        }
        return (result, exact)
    }

    mutating func append(contentsOf other: Polylines) {
        for i in 0..<other.count {
            append(other, other.range(i))
            finish()
        }
    }
}
