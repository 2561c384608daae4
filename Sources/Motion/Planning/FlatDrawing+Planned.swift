extension FlatDrawing {
    /// Places, cuts, selects, simplifies, joins and orders the drawing: what the pen draws, in machine coordinates.
    ///
    /// The same drawing and options give the same bytes, whatever `execution` offers.
    ///
    /// - Throws: `PlanError` when nothing is left to draw, when `--strict` forbids what would be lost, when
    ///   a figure is out of range, or when `execution` is cancelled.
    public func planned(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        try options.check()
        try profile.check()
        execution.progress("join", 0)
        var notes = diagnostics
        for name in unknownLayers(options: options) {
            notes.append(Diagnostic(.warning, code: "unknown-layer", message: "no layer is called or numbered \(name)"))
        }
        for name in documentationLayers {
            notes.append(
                Diagnostic(
                    .info, code: "layer-skipped", message: "the layer \(name) is not drawn: its name begins with %"))
        }
        let twice = fillsDrawnAsStrokes(options: options)
        if !twice.isEmpty {
            notes.append(
                Diagnostic(
                    .info, code: "drawn-twice",
                    message: "shapes that are filled here and stroked there are drawn once, as strokes",
                    count: twice.count))
        }
        let chosen = groups(options: options, omitting: twice)
        if chosen.allSatisfy({ $0.members.isEmpty }) { throw Self.nothing(notes) }
        var placed = try place(chosen, options: options, profile: profile)
        notes += placed.diagnostics
        if options.isStrict, let first = notes.first(where: { $0.severity != .info }) { throw .strict(first) }
        try execution.checkCancellation()
        placed.dropDuplicates(options: options, notes: &notes)
        placed.simplify(tolerance: options.tolerance, execution: execution)
        try execution.checkCancellation()
        let arranged = try placed.arranged(options: options, execution: execution, notes: &notes)
        return PlannedStrokes(
            polylines: arranged.polylines, layers: arranged.layers, pageOrigin: placed.placement.pageOrigin,
            page: placed.placement.page, diagnostics: notes, isExact: arranged.isExact,
            colours: arranged.colours)
    }

    /// Why there is nothing to draw, as far as it is known.
    private static func nothing(_ notes: [Diagnostic]) -> PlanError {
        let reasons = notes.prefix(8).map { $0.count > 1 ? "\($0.message) (\($0.count) times)" : $0.message }
        return reasons.isEmpty ? .nothingToDraw : .nothingVisible(because: reasons.joined(separator: "; "))
    }

    /// Box round the members of some groups, in page coordinates.
    private func bounds(_ groups: [StrokeGroup]) -> Box {
        var box = Box()
        for group in groups {
            for member in group.members {
                for point in polylines[Int(member)] { box.include(point) }
            }
        }
        return box
    }

    private func place(
        _ groups: [StrokeGroup], options: PlotOptions, profile: MachineProfile
    ) throws(PlanError) -> PlacedStrokes {
        let box = options.fit == .none ? nil : bounds(groups)
        let placement = Placement(drawingPage: page, bounds: box, options: options, profile: profile)
        var placed = PlacedStrokes(placement: placement, profile: profile)
        for group in groups { placed.add(group, of: self, minimumLength: options.minimumLength) }
        if placed.lines.count == 0 { throw placed.hasLosses ? .nothingInsideMachine : .nothingToDraw }
        return placed
    }
}
