extension SVG.Drawing {
    /// The drawing as polylines: curves cut into chords, dashes parted, clips applied.
    ///
    /// - Parameters:
    ///   - tolerance: largest distance in mm of any point of a curve from its polyline, > 0.
    ///   - keepsOrigins: whether each point tells its segment and parameter.
    /// - Complexity: linear in the points, times log of a clip's edges where paths are clipped.
    public func flattened(tolerance: Double, keepsOrigins: Bool) -> FlatDrawing {
        precondition(tolerance > 0, "a tolerance must be positive")
        var flattening = SVG.Flattening(self, tolerance: tolerance, keepsOrigins: keepsOrigins)
        return flattening.run()
    }
}

extension SVG {
    /// One run of flattening: the drawing, the buffers, and what has been collected.
    struct Flattening {
        private let drawing: Drawing
        private let keepsOrigins: Bool
        private var flattener: Flattener
        private var regions: RegionCache
        private var cutter: LineCutter
        private var lines = Polylines()
        private var styleOf: [Int32] = []
        private var isClosed: [Bool] = []
        private var isCurved: [Bool] = []
        private var solid = (fine: 0, many: 0)
        private var dashCount = 0

        /// Dashes of one shape, and of a drawing, beyond which lines are solid.
        private static let mostDashesOfShape = 100_000.0
        private static let mostDashes = 2_000_000
        /// The narrowest pen, mm: shorter dashes run together.
        private static let penWidth = 0.1
        /// How far outside a clip's edge still counts as on it, mm; the error of the line itself is added.
        private static let clipMargin = 0.01
        private static let mostBreaks = 30_000_000

        init(_ drawing: Drawing, tolerance: Double, keepsOrigins: Bool) {
            self.drawing = drawing
            self.keepsOrigins = keepsOrigins
            flattener = Flattener(tolerance: tolerance, keepsOrigins: keepsOrigins)
            regions = RegionCache(tolerance: max(tolerance / 4, 0.001))
            cutter = LineCutter(margin: Self.clipMargin + tolerance, budget: Self.mostBreaks)
        }

        mutating func run() -> FlatDrawing {
            lines.reserve(points: drawing.outlines.points.count, polylines: drawing.paths.count)
            styleOf.reserveCapacity(drawing.paths.count)
            isClosed.reserveCapacity(drawing.paths.count)
            isCurved.reserveCapacity(drawing.paths.count)
            for path in drawing.paths {
                if path.clip < 0, path.dash < 0 { addPlain(path) } else { addCut(path) }
            }
            var flat = FlatDrawing(
                page: drawing.page, layers: drawing.layers, styles: drawing.styles, polylines: lines, styleOf: styleOf,
                isClosed: isClosed, isCurved: isCurved, diagnostics: drawing.diagnostics)
            lines = Polylines()
            report(&flat.diagnostics)
            return flat
        }

        private func report(_ diagnostics: inout [Diagnostic]) {
            func tell(_ severity: Diagnostic.Severity, _ code: String, _ message: String, _ count: Int) {
                if count > 0 { diagnostics.append(Diagnostic(severity, code: code, message: message, count: count)) }
            }
            tell(
                .warning, "curve-too-large", "a curve that needs too many chords is drawn straight", flattener.givenUp)
            tell(.warning, "dashes-too-fine", "dashes shorter than the pen is wide are drawn solid", solid.fine)
            tell(.warning, "dashes-too-many", "a line of too many dashes is drawn solid", solid.many)
            tell(
                .error, "clip-too-costly", "the clip paths cross too many lines; not all is cut",
                cutter.budget < 0 ? 1 : 0)
        }

        // MARK: paths

        /// Whether a subpath has any length.
        private var hasLength: Bool {
            guard let first = flattener.points.first else { return false }
            return flattener.points.contains { $0 != first }
        }

        private mutating func addPlain(_ path: Drawing.StyledPath) {
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            while place.verb < Int(path.verbs.upperBound) {
                next(path, &place)
                if hasLength {
                    lines.append(flattener.points, origins: flattener.origins)
                    styleOf.append(path.style)
                    isClosed.append(flattener.isClosed)
                    isCurved.append(flattener.isCurved)
                } else if path.drawsDots {
                    add([dot()], path.style)
                }
            }
        }

        private mutating func next(_ path: Drawing.StyledPath, _ place: inout (verb: Int, point: Int)) {
            place = flattener.subpath(
                of: drawing.outlines, verb: place.verb, end: Int(path.verbs.upperBound), point: place.point)
        }

        /// The subpath in hand as one point.
        private func dot() -> TracedLine {
            TracedLine(points: Array(flattener.points.prefix(1)), origins: Array(flattener.origins.prefix(1)))
        }

        private mutating func addCut(_ path: Drawing.StyledPath) {
            let dash = path.dash >= 0 ? drawing.dashes[Int(path.dash)] : nil
            flattener.metric = dash?.metric
            let scale = dash.map { dashScale($0, path) } ?? 1
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            while place.verb < Int(path.verbs.upperBound) {
                next(path, &place)
                var pieces: [TracedLine] = []
                if hasLength {
                    let whole = TracedLine(
                        points: flattener.points, origins: flattener.origins, isClosed: flattener.isClosed)
                    pieces = dash.map { dashed(whole, $0, scale) } ?? [whole]
                } else if path.drawsDots {
                    pieces = [dot()]
                }
                add(clipped(pieces, path.clip), path.style)
            }
            flattener.metric = nil
        }

        private mutating func add(_ pieces: [TracedLine], _ style: Int32) {
            for piece in pieces where !piece.points.isEmpty {
                lines.append(piece.points, origins: piece.origins)
                styleOf.append(style)
                isClosed.append(piece.isClosed)
                isCurved.append(flattener.isCurved)
            }
        }

        // MARK: dashes

        /// True length of a path over the length that its author states.
        private mutating func dashScale(_ dash: Drawing.Dash, _ path: Drawing.StyledPath) -> Double {
            guard let stated = dash.pathLength else { return 1 }
            var sum = 0.0
            var place = (verb: Int(path.verbs.lowerBound), point: Int(path.firstPoint))
            while place.verb < Int(path.verbs.upperBound) {
                next(path, &place)
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

        /// What all clips of a chain leave of some lines.
        private mutating func clipped(_ pieces: [TracedLine], _ clip: Int32) -> [TracedLine] {
            var pieces = pieces
            var next = clip
            while next >= 0, !pieces.isEmpty {
                let link = drawing.clips[Int(next)]
                regions.use(link.region, drawing)
                var left: [TracedLine] = []
                for piece in pieces { left += cutter.cut(piece, by: regions.current) }
                pieces = left
                next = link.outer
            }
            return pieces
        }
    }

    /// Regions that have been built, as far as there is room for them.
    private struct RegionCache {
        private var flattener: Flattener
        private var built: [Int32: Region] = [:]
        private var edges = 0
        private(set) var current = Region()

        private static let mostEdges = 500_000

        init(tolerance: Double) { flattener = Flattener(tolerance: tolerance, keepsOrigins: false) }

        /// Makes a region of the drawing the current one.
        mutating func use(_ index: Int32, _ drawing: Drawing) {
            if let known = built[index] {
                current = known
                return
            }
            if edges > Self.mostEdges {
                built = [:]
                edges = 0
            }
            current = region(drawing.regions[Int(index)], drawing)
            edges += current.edgeCount + 8
            built[index] = current
        }

        private mutating func region(_ place: Drawing.Region, _ drawing: Drawing) -> Region {
            var result = place.source >= 0 ? region(place.source, place.map, drawing) : Region()
            if place.within >= 0 { result.within.append(region(drawing.regions[Int(place.within)], drawing)) }
            return result
        }

        private mutating func region(_ source: Int32, _ map: Transform, _ drawing: Drawing) -> Region {
            var result = Region()
            for shape in drawing.sources[Int(source)].shapes {
                var part = Region.Part(polygon: RegionPolygon(isEvenOdd: shape.isEvenOdd))
                var place = (verb: shape.verbs.lowerBound, point: shape.firstPoint)
                while place.verb < shape.verbs.upperBound {
                    place = flattener.subpath(
                        of: drawing.clipOutlines, verb: place.verb, end: shape.verbs.upperBound, point: place.point,
                        map: map)
                    part.polygon.add(flattener.points)
                }
                part.polygon.finish()
                if shape.within >= 0 { part.within.append(region(shape.within, map * shape.withinMap, drawing)) }
                result.parts.append(part)
            }
            return result
        }
    }
}
