extension SVG.Drawing {
    /// The drawing as polylines: curves cut into chords, dashes parted, clips applied.
    ///
    /// - Parameters:
    ///   - tolerance: largest distance in mm of any point of a curve from its polyline, > 0.
    ///   - keepsOrigins: whether each point tells its segment and parameter.
    ///   - isCancelled: asked every few milliseconds; once it says yes, `.cancelled` is thrown.
    /// - Throws: when what is left of the drawing's budget is passed, with the place of the element that was in hand.
    /// - Complexity: linear in the points, times log of a clip's edges where paths are clipped.
    public func flattened(
        tolerance: Double, keepsOrigins: Bool, isCancelled: @escaping () -> Bool = { false }
    ) throws(SVG.ParseError) -> FlatDrawing {
        precondition(tolerance > 0, "a tolerance must be positive")
        let meter = SVG.Meter(budget, steps: steps, bytes: text.bytes.count, isCancelled: isCancelled)
        var flattening = SVG.Flattening(self, tolerance: tolerance, keepsOrigins: keepsOrigins, meter)
        do { return try flattening.run() } catch { throw SVG.ParseError(error, in: text) }
    }
}

extension SVG {
    /// One run of flattening: the drawing, the buffers, and what has been collected.
    struct Flattening {
        let drawing: Drawing
        private let keepsOrigins: Bool
        let meter: Meter
        private var flattener: Flattener
        private var regions: RegionCache
        private var cutter: LineCutter
        private var areaCutter = AreaCutter()
        /// Where the element in hand stands.
        private(set) var offset = 0
        /// Bytes that are held beside the polylines.
        private let heldBytes: Int
        private var lines = Polylines()
        private var styleOf: [Int32] = []
        private var isClosed: [Bool] = []
        private var isCurved: [Bool] = []
        private var solid = (fine: 0, many: 0)
        private var dashCount = 0
        /// Where the rectangles stand that are the paper.
        private var backgrounds: [Int] = []
        /// Whole outlines of strokes that dashes or clips part, where a shape that is only filled may be a copy of them.
        private var parted = Polylines()
        private var partedStyleOf: [Int32] = []
        private var copies = BoxCorners()
        /// What is painted, as far as anybody asks.
        private var areas = PaintedAreas()

        /// Dashes of one shape, and of a drawing, beyond which lines are solid.
        private static let mostDashesOfShape = 100_000.0
        private static let mostDashes = 2_000_000
        /// The narrowest pen, mm: shorter dashes run together.
        private static let penWidth = 0.1
        /// Looking at a box of a clip is some crossings and distances.
        private static let stepsOfBox = 3
        /// How far outside a clip's edge still counts as on it, mm; the error of the line itself is added.
        private static let clipMargin = 0.01

        init(_ drawing: Drawing, tolerance: Double, keepsOrigins: Bool, _ meter: Meter) {
            self.drawing = drawing
            self.keepsOrigins = keepsOrigins
            self.meter = meter
            heldBytes = drawing.heldBytes
            flattener = Flattener(tolerance: tolerance, keepsOrigins: keepsOrigins)
            regions = RegionCache(tolerance: max(tolerance / 4, 0.001))
            cutter = LineCutter(margin: Self.clipMargin + tolerance)
        }

        /// Bytes of a point in `lines`.
        private var pointBytes: Int {
            MemoryLayout<Point>.stride + (keepsOrigins ? MemoryLayout<CurveOrigin>.stride : 0)
        }

        /// Makes room for points before they are added, within the budget.
        private mutating func makeRoom(_ count: Int) throws(Fault) {
            let wanted = lines.points.count + count
            guard wanted > lines.points.capacity else { return }
            let room = max(wanted, lines.points.capacity + lines.points.capacity / 2)
            // While they are moved the points are there twice.
            try meter.require(bytes: heldBytes + (lines.points.count + room) * pointBytes, at: offset)
            lines.reserve(points: room, polylines: lines.count)
        }

        mutating func run() throws(Fault) -> FlatDrawing {
            let estimate = drawing.pointEstimate(tolerance: flattener.tolerance)
            if heldBytes + estimate * pointBytes <= meter.budget.bytes {
                lines.reserve(points: estimate, polylines: drawing.paths.count)
            }
            styleOf.reserveCapacity(drawing.paths.count)
            isClosed.reserveCapacity(drawing.paths.count)
            isCurved.reserveCapacity(drawing.paths.count)
            var isBottom = !drawing.paperColours.isEmpty
            try findCopies()
            for path in drawing.paths {
                offset = Int(path.offset)
                if isBottom {
                    isBottom = drawing.isPaper(path)
                    if isBottom { isBottom = try regions(of: path.clip).allSatisfy(drawing.showsPage) }
                    if isBottom {
                        backgrounds.append(offset)
                        continue
                    }
                }
                if path.paint >= 0, try addPainted(path) || !path.isDrawn { continue }
                if path.clip < 0, path.dash < 0 { try addPlain(path) } else { try addCut(path) }
            }
            var flat = FlatDrawing(
                page: drawing.page, layers: drawing.layers, styles: drawing.styles, polylines: lines, styleOf: styleOf,
                isClosed: isClosed, isCurved: isCurved, diagnostics: drawing.diagnostics)
            lines = Polylines()
            (flat.parted, flat.partedStyleOf) = (parted, partedStyleOf)
            if !drawing.paints.isEmpty {
                areas.paperColours = drawing.paperColours
                flat.areas = areas
                areas = PaintedAreas()
            }
            report(&flat.diagnostics)
            return flat
        }

        private func report(_ diagnostics: inout [Diagnostic]) {
            func tell(_ severity: Diagnostic.Severity, _ code: String, _ message: String, _ count: Int) {
                if count > 0 { diagnostics.append(Diagnostic(severity, code: code, message: message, count: count)) }
            }
            if styleOf.isEmpty {
                for reason in drawing.unseen { tell(.info, "nothing-drawn", reason, 1) }
                if !drawing.paths.isEmpty, backgrounds.count < drawing.paths.count {
                    tell(.info, "nothing-drawn", "what there is has no length, or is clipped or masked away", 1)
                }
            }
            if let first = backgrounds.first {
                var places = LineCounter(drawing.text)
                let (line, column) = places.place(of: first)
                diagnostics.append(
                    Diagnostic(
                        .info, code: "background",
                        message: "a rectangle of the paper's colour under everything is the paper and not drawn;"
                            + " --keep-background draws it",
                        offset: drawing.text.fileOffset(first), line: line, column: column, count: backgrounds.count))
            }
            tell(
                .warning, "curve-too-large", "a curve that needs too many chords is drawn straight", flattener.givenUp)
            tell(.warning, "dashes-too-fine", "dashes shorter than the pen is wide are drawn solid", solid.fine)
            tell(.warning, "dashes-too-many", "a line of too many dashes is drawn solid", solid.many)
        }

        // MARK: paths

        /// Whether a subpath has any length.
        private var hasLength: Bool {
            guard let first = flattener.points.first else { return false }
            return flattener.points.contains { $0 != first }
        }

        private mutating func addPlain(_ path: Drawing.StyledPath) throws(Fault) {
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            while place.verb < Int(path.verbs.upperBound) {
                try next(path, &place)
                if hasLength {
                    try makeRoom(flattener.points.count)
                    lines.append(flattener.points, origins: flattener.origins)
                    styleOf.append(path.style)
                    isClosed.append(flattener.isClosed)
                    isCurved.append(flattener.isCurved)
                } else if path.drawsDots {
                    try add([dot()], path.style)
                }
            }
        }

        private mutating func next(
            _ path: Drawing.StyledPath, _ place: inout (verb: Int, point: Int)
        ) throws(Fault) {
            // A subpath stands once in its own buffer, which may be twice as large, and once among the polylines.
            flattener.mostPoints = max(0, meter.budget.bytes - heldBytes - lines.points.count * pointBytes) / 64
            place = flattener.subpath(
                of: drawing.outlines, verb: place.verb, end: Int(path.verbs.upperBound), point: place.point)
            try meter.spend(flattener.points.count + 8, on: "the curves", at: offset)
            if flattener.isFull { try meter.require(bytes: meter.budget.bytes + 1, at: offset) }
        }

        /// The subpath in hand as one point.
        private func dot() -> TracedLine {
            TracedLine(points: Array(flattener.points.prefix(1)), origins: Array(flattener.origins.prefix(1)))
        }

        private mutating func addCut(_ path: Drawing.StyledPath) throws(Fault) {
            if path.isArea, path.clip >= 0 { return try addArea(path) }
            let dash = path.dash >= 0 ? drawing.dashes[Int(path.dash)] : nil
            flattener.metric = dash?.metric
            var scale = 1.0
            if let dash { scale = try dashScale(dash, path) }
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            let chain = try regions(of: path.clip)
            let before = styleOf.count
            while place.verb < Int(path.verbs.upperBound) {
                try next(path, &place)
                var pieces: [TracedLine] = []
                if hasLength {
                    pieces = dash.map { dashed(subpath, $0, scale) } ?? [subpath]
                } else if path.drawsDots {
                    pieces = [dot()]
                }
                try add(clipped(pieces, by: chain), path.style)
            }
            flattener.metric = nil
            // Where clips leave nothing of the stroke the fill may still be seen.
            if styleOf.count == before, path.fillStyle >= 0 {
                var fill = path
                fill.style = path.fillStyle
                return try addArea(fill)
            }
            if copies.mayHold(box(of: path)) {
                let whole = try seenArea(of: path).lines
                try meter.require(
                    bytes: heldBytes + (lines.points.count + parted.points.count) * pointBytes
                        + whole.reduce(0) { $0 + $1.points.count } * pointBytes, at: offset)
                for line in whole {
                    parted.append(line.points, origins: [])
                    partedStyleOf.append(path.style)
                }
            }
        }

        private func box(of path: Drawing.StyledPath) -> Box {
            drawing.outlines.bounds(
                verbs: Int(path.verbs.lowerBound)..<Int(path.verbs.upperBound), points: Int(path.firstPoint),
                through: .identity)
        }

        /// Notes where shapes stand that are only filled, if there are strokes that dashes or clips part.
        private mutating func findCopies() throws(Fault) {
            guard drawing.paths.contains(where: { !$0.isArea && ($0.dash >= 0 || $0.clip >= 0) }) else { return }
            for path in drawing.paths where path.isArea {
                try meter.spend(path.verbs.count, on: "the shapes", at: Int(path.offset))
                copies.add(box(of: path))
            }
        }

        /// The subpath in hand.
        private var subpath: TracedLine {
            TracedLine(points: flattener.points, origins: flattener.origins, isClosed: flattener.isClosed)
        }

        private mutating func add(
            _ pieces: [TracedLine], _ style: Int32, isCurved isCurve: Bool? = nil
        ) throws(Fault) {
            for piece in pieces where !piece.points.isEmpty {
                try makeRoom(piece.points.count)
                lines.append(piece.points, origins: piece.origins)
                styleOf.append(style)
                isClosed.append(piece.isClosed)
                isCurved.append(isCurve ?? flattener.isCurved)
            }
        }

        // MARK: dashes

        /// True length of a path over the length that its author states.
        private mutating func dashScale(
            _ dash: Drawing.Dash, _ path: Drawing.StyledPath
        ) throws(Fault) -> Double {
            guard let stated = dash.pathLength else { return 1 }
            var sum = 0.0
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            while place.verb < Int(path.verbs.upperBound) {
                try next(path, &place)
                sum += flattener.lengths.reduce(0, +)
            }
            return sum / stated
        }

        private mutating func dashed(_ line: TracedLine, _ dash: Drawing.Dash, _ scale: Double) -> [TracedLine] {
            let pattern = dash.lengths.map { $0 * scale }
            let period = pattern.reduce(0, +)
            let total = flattener.lengths.reduce(0, +)
            guard period > 0, period.isFinite, total.isFinite else { return [line] }
            let longest = stride(from: 0, to: pattern.count, by: 2).reduce(0) { max($0, pattern[$1]) }
            let millimetres = 1 / dash.metric.determinant.magnitude.squareRoot()
            if longest > 0, longest * millimetres < Self.penWidth {
                solid.fine += 1
                return [line]
            }
            let count = total / period * Double(pattern.count / 2)
            guard count <= Self.mostDashesOfShape, dashCount < Self.mostDashes else {
                solid.many += 1
                return [line]
            }
            let result = dashes(
                of: line, lengths: flattener.lengths, pattern: pattern, offset: dash.offset * scale,
                drawsDots: dash.drawsDots)
            dashCount += result.count
            return result
        }

        // MARK: clips

        /// All regions of a chain of clips.
        private mutating func regions(of clip: Int32) throws(Fault) -> [Region] {
            var chain: [Region] = []
            var next = clip
            while next >= 0 {
                let link = drawing.clips[Int(next)]
                try meter.spendOnClips(8, at: offset)
                chain.append(try regions.region(link.region, drawing, meter, offset))
                next = link.outer
            }
            return chain
        }

        /// What all clips of a chain leave of some lines.
        private mutating func clipped(_ pieces: [TracedLine], by chain: [Region]) throws(Fault) -> [TracedLine] {
            var pieces = pieces
            for region in chain where !pieces.isEmpty {
                var left: [TracedLine] = []
                for piece in pieces {
                    cutter.probe.most = meter.remainingOnClips / Self.stepsOfBox
                    left += cutter.cut(piece, by: region)
                    try settle(&cutter.probe)
                }
                pieces = left
            }
            return pieces
        }

        /// Puts what a probe has counted on the account.
        private func settle(_ probe: inout RegionProbe) throws(Fault) {
            if probe.isSpent { throw Fault(offset: offset, reason: .work("the clip paths")) }
            try meter.spendOnClips(Self.stepsOfBox * probe.steps, at: offset)
            probe.steps = 0
        }

        /// Adds what clips leave of a filled shape: its own outline where nothing is cut, else that of what is seen.
        private mutating func addArea(_ path: Drawing.StyledPath) throws(Fault) {
            let seen = try seenArea(of: path)
            try add(seen.lines, path.style, isCurved: seen.isCurved)
        }

        /// The outline of what is seen of a filled shape, before dashes.
        private mutating func seenArea(
            of path: Drawing.StyledPath
        ) throws(Fault) -> (lines: [TracedLine], isCurved: Bool, isCut: Bool) {
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            var lines: [TracedLine] = []
            var isCurved = false
            while place.verb < Int(path.verbs.upperBound) {
                try next(path, &place)
                isCurved = isCurved || flattener.isCurved
                if hasLength { lines.append(subpath) }
            }
            if path.clip < 0 { return (lines, isCurved, false) }
            let chain = try regions(of: path.clip)
            var isWhole = true
            for line in lines where isWhole {
                let left = try clipped([line], by: chain)
                isWhole = left.count == 1 && left[0].points.count == line.points.count
            }
            areaCutter.probe.most = meter.remainingOnClips / Self.stepsOfBox
            if isWhole {
                isWhole = !areaCutter.reachesInto(lines.map(\.points), isEvenOdd: path.fillsEvenOdd, chain)
                try settle(&areaCutter.probe)
            }
            if isWhole { return (lines, isCurved, false) }
            areaCutter.probe.most = meter.remainingOnClips / Self.stepsOfBox
            let rings = areaCutter.cut(lines.map(\.points), isEvenOdd: path.fillsEvenOdd, by: chain)
            try settle(&areaCutter.probe)
            guard let rings else { return (lines, isCurved, false) }
            lines = rings.map { ring in
                TracedLine(
                    points: ring,
                    origins: keepsOrigins ? ring.map { _ in CurveOrigin(segment: -1, parameter: 0) } : [],
                    isClosed: ring.first == ring.last)
            }
            return (lines, isCurved || !chain.allSatisfy { $0.rectangle != nil }, true)
        }

        /// Keeps what a shape paints, for hatching and hidden lines.
        ///
        /// - Returns: whether its outline has been added as well.
        private mutating func addPainted(_ path: Drawing.StyledPath) throws(Fault) -> Bool {
            let seen = try seenArea(of: path)
            let paint = drawing.paints[Int(path.paint)]
            let count = seen.lines.reduce(0) { $0 + $1.points.count }
            try meter.require(
                bytes: heldBytes + lines.points.count * pointBytes + (areas.rings.points.count + count) * 64, at: offset
            )
            let isOwnOutline = path.isArea || (path.clip < 0 && path.dash < 0)
            areas.append(
                seen.lines.lazy.map(\.points),
                as: PaintedAreas.Area(
                    style: paint.style, isEvenOdd: seen.isCut || path.fillsEvenOdd, isOpaque: paint.isOpaque,
                    isOutlined: path.isDrawn && isOwnOutline, firstLine: Int32(lines.count)))
            guard path.isDrawn, path.isArea, path.clip >= 0 else { return false }
            try add(seen.lines, path.style, isCurved: seen.isCurved)
            return true
        }
    }
}
