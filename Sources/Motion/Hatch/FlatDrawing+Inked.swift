extension FlatDrawing {
    /// The drawing with its areas hatched and without what they hide, as far as the options ask.
    ///
    /// Hatch lines stand in front of the outline of the area that they fill and have its layer and the ink of its fill.
    ///
    /// Fill-only copies of strokes are left out.
    ///
    /// - Throws: when there would be too many lines, or when `execution` is cancelled.
    package func inked(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> FlatDrawing {
        guard let areas, options.keepsAreas else { return self }
        let omitted = fillsDrawnAsStrokes(options: options)
        let isChosen = chosenStyles(options: options)
        var hatcher: Hatcher?
        if let hatch = options.hatch {
            let placement = placement(options: options, profile: profile, isChosen: isChosen)
            hatcher = Hatcher(
                hatch, of: self, penWidth: options.penWidth, scale: placement.scale, isChosen: isChosen)
            try hatcher?.check()
        }
        var cover = options.hidesLines ? try Cover(self, execution: execution) : nil
        var result = self
        result.areas = nil
        (result.parted, result.partedStyleOf) = (Polylines(), [])
        result.polylines = Polylines()
        result.polylines.reserve(points: polylines.points.count, polylines: polylines.count)
        (result.styleOf, result.isClosed, result.isCurved) = ([], [], [])
        var nextOmitted = 0
        var rank = 0
        for i in 0...polylines.count {
            while rank < areas.count, Int(areas.areas[rank].firstLine) <= i {
                rank += 1
                try cover?.check()
                try execution.checkCancellation()
                let lines = try hatcher?.lines(
                    of: rank - 1, check: { () throws(PlanError) in try execution.checkCancellation() },
                    seen: { p, q in cover?.seen(p, q, rank: rank) ?? [(0, 1)] })
                for line in lines ?? [] {
                    let isClosed = line.count > 3 && line.first == line.last
                    let style = areas.areas[rank - 1].style
                    result.append(TracedLine(points: line, isClosed: isClosed), style: style, isCurved: false)
                }
            }
            guard i < polylines.count else { break }
            if nextOmitted < omitted.count, omitted[nextOmitted] == i {
                nextOmitted += 1
                continue
            }
            let line = traced(i)
            try cover?.check()
            for part in cover?.cut(line, rank: rank) ?? [line] {
                result.append(part, style: styleOf[i], isCurved: isCurved[i])
            }
        }
        result.diagnostics += cover?.notes ?? []
        result.diagnostics += Self.notes(drawnTwice: omitted.count)
        result.diagnostics += hatcher?.notes ?? []
        return result
    }

    private func traced(_ i: Int) -> TracedLine {
        let range = polylines.range(i)
        return TracedLine(
            points: Array(polylines.points[range]),
            origins: polylines.origins.isEmpty ? [] : Array(polylines.origins[range]), isClosed: isClosed[i])
    }

    private mutating func append(_ line: TracedLine, style: Int32, isCurved: Bool) {
        polylines.append(line.points, origins: line.origins)
        styleOf.append(style)
        isClosed.append(line.isClosed)
        self.isCurved.append(isCurved)
    }

    /// Where the drawing will lie: its areas count as well as its lines.
    private func placement(
        options: PlotOptions, profile: MachineProfile, isChosen: [Bool]
    ) -> Placement {
        Placement(drawingPage: page, options: options, profile: profile) { placement in
            var box = Box()
            for i in 0..<polylines.count where isChosen[Int(styleOf[i])] {
                for point in polylines[i] { box.include(placement(point)) }
            }
            for area in areas?.areas ?? [] where isChosen[Int(area.style)] {
                for ring in area.rings { for point in areas?.rings[Int(ring)] ?? [] { box.include(placement(point)) } }
            }
            return box
        }
    }
}
