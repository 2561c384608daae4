/// A polyline with what is known of its points.
struct TracedLine {
    var points: [Point] = []
    /// Empty, or one a point.
    var origins: [CurveOrigin] = []
    /// The last point repeats the first.
    var isClosed = false

    /// Adds the point at a share of the way between two points of another line.
    mutating func append(_ line: borrowing TracedLine, _ i: Int, _ t: Double) {
        let (a, b) = (line.points[i], line.points[i + 1])
        points.append(t <= 0 ? a : t >= 1 ? b : Point(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t))
        if !line.origins.isEmpty { origins.append(line.origin(i, t)) }
    }

    /// Where on its curve the point at a share of the way from point `i` to the next lies.
    fileprivate func origin(_ i: Int, _ t: Double) -> CurveOrigin {
        let (a, b) = (origins[i], origins[i + 1])
        if t <= 0 { return a }
        if t >= 1 { return b }
        let from = a.segment == b.segment ? a.parameter : 0
        return CurveOrigin(segment: b.segment, parameter: from + (b.parameter - from) * Float(t))
    }
}

/// Cuts polylines by regions and into dashes; its buffers are used again from line to line.
struct LineCutter {
    /// How far outside an edge still counts as on it, mm.
    let margin: Double
    /// Counts what cutting costs; once it is spent, what comes back is of no worth.
    var probe = RegionProbe()
    private var breaks: [Double] = []

    init(margin: Double) { self.margin = margin }

    /// The parts of a line inside a region, in order; a closed line that is not cut stays closed, one that is cut does
    /// not keep its seam.
    mutating func cut(_ line: TracedLine, by region: Region) -> [TracedLine] {
        var box = Box()
        for point in line.points { box.include(point) }
        let bounds = region.bounds.expanded(by: margin)
        guard !region.parts.isEmpty, box.intersects(bounds) else { return [] }
        if region.rectangle != nil, bounds.contains(box) { return [line] }
        guard line.points.count > 1 else {
            return region.contains(line.points[0], margin: margin, &probe) ? [line] : []
        }
        var pieces: [TracedLine] = []
        var piece = TracedLine()
        var isOpen = false
        var wasCut = false
        for i in 0..<line.points.count - 1 {
            if probe.isSpent { return [] }
            findBreaks(line.points[i], line.points[i + 1], region)
            for k in 0..<breaks.count - 1 {
                let (from, to) = (breaks[k], breaks[k + 1])
                if to <= from { continue }
                let isKept = keeps(line.points[i], line.points[i + 1], (from + to) / 2, region)
                if isKept, !isOpen {
                    piece = TracedLine()
                    piece.append(line, i, from)
                    isOpen = true
                } else if !isKept, isOpen {
                    piece.append(line, i, from)
                    pieces.append(piece)
                    isOpen = false
                }
                if !isKept { wasCut = true }
            }
            if isOpen { piece.append(line, i, 1) }
        }
        if isOpen { pieces.append(piece) }
        if !wasCut { return [line] }
        return withoutSeam(pieces, of: line)
    }

    /// Fills `breaks` with 0, the sorted breaks of a segment, and 1.
    private mutating func findBreaks(_ p: Point, _ q: Point, _ region: Region) {
        breaks.removeAll(keepingCapacity: true)
        region.breaks(from: p, to: q, margin: margin, &breaks, &probe)
        probe.steps += breaks.count + 1
        breaks.sort()
        breaks.insert(0, at: 0)
        breaks.append(1)
    }

    private mutating func keeps(_ p: Point, _ q: Point, _ t: Double, _ region: Region) -> Bool {
        let middle = Point(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t)
        return region.contains(middle, margin: margin, &probe)
    }

    /// Joins what meets at the start of a closed line, and drops cut-off crumbs.
    private func withoutSeam(_ pieces: [TracedLine], of line: TracedLine) -> [TracedLine] {
        var pieces = pieces
        if line.isClosed, pieces.count > 1, let first = pieces.first, let last = pieces.last,
            first.points.first == line.points.first, last.points.last == line.points.last
        {
            pieces[0] = last
            pieces[0].points += first.points.dropFirst()
            pieces[0].origins += first.origins.dropFirst()
            pieces.removeLast()
        }
        return pieces.filter { piece in
            guard let first = piece.points.first else { return false }
            return piece.points.contains { first.distance(to: $0) > margin }
        }
    }
}
