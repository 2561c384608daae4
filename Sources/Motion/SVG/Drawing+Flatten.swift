extension SVG.Drawing {
    /// The drawing as polylines: curves cut into chords, dashes parted, clips applied.
    ///
    /// - Parameters:
    ///   - tolerance: largest distance in mm of any point of a curve from its polyline, > 0.
    ///   - keepsOrigins: whether each point tells its segment and parameter.
    /// - Complexity: linear in the points, times log of a clip's edges where paths are clipped.
    public func flattened(tolerance: Double, keepsOrigins: Bool) -> FlatDrawing {
        precondition(tolerance > 0, "a tolerance must be positive")
        var flat = FlatDrawing(page: page, layers: layers, styles: styles, diagnostics: diagnostics)
        var sink = PolylineSink(tolerance: tolerance, keepsOrigins: keepsOrigins)
        sink.reserve(outlines.points.count, paths.count)
        var flattener = Flattener(tolerance: tolerance, keepsOrigins: keepsOrigins)
        for path in paths {
            var (verb, point) = (Int(path.verbs.lowerBound), Int(path.firstPoint))
            let end = Int(path.verbs.upperBound)
            while verb < end {
                (verb, point) = flattener.subpath(of: outlines, verb: verb, end: end, point: point)
                sink.add(flattener, path, self)
            }
        }
        sink.finish(&flat, givenUp: flattener.givenUp)
        return flat
    }
}

/// Takes flattened subpaths, cuts them as their path asks, and collects the polylines.
private struct PolylineSink {
    let tolerance: Double
    let keepsOrigins: Bool
    var lines = Polylines()
    var styleOf: [Int32] = []
    var isClosed: [Bool] = []

    init(tolerance: Double, keepsOrigins: Bool) {
        self.tolerance = tolerance
        self.keepsOrigins = keepsOrigins
    }

    mutating func reserve(_ points: Int, _ paths: Int) {
        lines.reserve(points: points, polylines: paths)
        styleOf.reserveCapacity(paths)
        isClosed.reserveCapacity(paths)
    }

    mutating func add(_ subpath: borrowing Flattener, _ path: SVG.Drawing.StyledPath, _ drawing: borrowing SVG.Drawing)
    {
        guard let first = subpath.points.first else { return }
        guard subpath.points.contains(where: { $0 != first }) else {
            if path.drawsDots {
                append([first], keepsOrigins ? [subpath.origins[0]] : [], false, path.style)
            }
            return
        }
        append(subpath.points, subpath.origins, subpath.isClosed, path.style)
    }

    mutating func append(_ points: [Point], _ origins: [CurveOrigin], _ closed: Bool, _ style: Int32) {
        lines.append(points, origins: origins)
        styleOf.append(style)
        isClosed.append(closed)
    }

    mutating func finish(_ flat: inout FlatDrawing, givenUp: Int) {
        flat.polylines = lines
        flat.styleOf = styleOf
        flat.isClosed = isClosed
        if givenUp > 0 {
            flat.diagnostics.append(
                Diagnostic(
                    .warning, code: "curve-too-large", message: "a curve that needs too many chords is drawn straight",
                    count: givenUp))
        }
    }
}
