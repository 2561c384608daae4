extension FlatDrawing {
    /// Places, cuts, selects, simplifies, joins and orders the drawing: what the pen draws, in machine coordinates.
    ///
    /// The same drawing and options give the same bytes, whatever `execution` offers.
    ///
    /// It takes the drawing over: where its caller keeps no copy, its memory is free as soon as the strokes are there.
    ///
    /// - Throws: `PlanError` when nothing is left to draw, when `--strict` forbids what would be lost, when
    ///   a figure is out of range, when more memory is needed than allowed, or when `execution` is cancelled.
    public consuming func planned(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        try options.check()
        try profile.check()
        if options.isSpliced { return try spliced(options: options, profile: profile, execution: execution) }
        execution.progress("join", 0)
        if areas != nil, options.keepsAreas {
            return try inked(options: options, profile: profile, execution: execution)
                .planned(options: options, profile: profile, execution: execution)
        }
        let offered = offeredLayers
        var notes = diagnostics
        for name in unknownLayers(options: options) {
            notes.append(Diagnostic(.warning, code: "unknown-layer", message: "no layer is called or numbered \(name)"))
        }
        for name in documentationLayers {
            notes.append(
                Diagnostic(
                    .info, code: "layer-skipped", message: "the layer \(name) is not drawn: its name begins with %"))
        }
        notes += heightsWithoutEffect(options: options, profile: profile)
        notes += Self.marginNotes(options)
        let twice = fillsDrawnAsStrokes(options: options)
        notes += Self.notes(drawnTwice: twice.count)
        let chosen = groups(options: options, omitting: twice)
        if chosen.allSatisfy({ $0.members.isEmpty }) { throw Self.nothing(notes) }
        try execution.require(bytes: PlanMemory.placing(self))
        var placed = try place(chosen, options: options, profile: profile)
        // Else it would stay until the end: nothing says that nobody waits for it to go.
        _ = consume self
        notes += placed.diagnostics
        if options.isStrict, let first = notes.first(where: { $0.severity != .info }) { throw .strict(first) }
        try execution.checkCancellation()
        let duplicates = placed.dropDuplicates(options: options, profile: profile)
        placed.simplify(tolerance: options.tolerance, execution: execution)
        let (arranged, again) = try placed.quickest(
            duplicates.useful, options: options, profile: profile, execution: execution)
        notes += Self.notes(dropped: duplicates.count, again: again) + arranged.notes
        var planned = try placed.planned(
            arranged, notes: notes, options: options, profile: profile, execution: execution)
        planned.offered = offered
        planned.lost = placed.lost
        return planned
    }

    /// Throws when planning the drawing is sure to hold more bytes than it may.
    package func requirePlanMemory(_ execution: PlanExecution) throws(PlanError) {
        try execution.require(bytes: PlanMemory.placing(self))
    }

    /// Why there is nothing to draw, as far as it is known.
    private static func nothing(_ notes: [Diagnostic]) -> PlanError {
        let reasons = notes.prefix(8).map { $0.count > 1 ? "\($0.message) (\($0.count) times)" : $0.message }
        return reasons.isEmpty ? .nothingToDraw : .nothingVisible(because: reasons.joined(separator: "; "))
    }

    /// A margin that nothing is fitted into.
    private static func marginNotes(_ options: PlotOptions) -> [Diagnostic] {
        guard options.margin != .zero, options.fit == .none else { return [] }
        let message = "the margin counts where the drawing is fitted: --fit shrink or page"
        return [Diagnostic(.info, code: "margin", message: message)]
    }

    static func notes(drawnTwice count: Int) -> [Diagnostic] {
        guard count > 0 else { return [] }
        return [
            Diagnostic(
                .info, code: "drawn-twice",
                message: "shapes that are filled here and stroked there are drawn once, as strokes", count: count)
        ]
    }

    private static func notes(dropped: Int, again: Int) -> [Diagnostic] {
        var notes: [Diagnostic] = []
        if dropped > again {
            notes.append(
                Diagnostic(
                    .info, code: "duplicates", message: "exact duplicates are drawn once", count: dropped - again))
        }
        if again > 0 {
            notes.append(
                Diagnostic(
                    .info, code: "duplicates-drawn",
                    message: "exact duplicates are drawn again, because lifting the pen would take longer", count: again
                ))
        }
        return notes
    }

    /// Box round the members of some groups where they are placed.
    private func bounds(_ groups: [StrokeGroup], _ placement: Placement) -> Box {
        var box = Box()
        for group in groups {
            for member in group.members {
                for point in polylines[Int(member)] { box.include(placement(point)) }
            }
        }
        return box
    }

    private func place(
        _ groups: [StrokeGroup], options: PlotOptions, profile: MachineProfile
    ) throws(PlanError) -> PlacedStrokes {
        let placement = Placement(drawingPage: page, options: options, profile: profile) { bounds(groups, $0) }
        let (paper, margin) = (placement.page, options.margin)
        for (sum, largest, side) in [
            (margin.left + margin.right, max(margin.left, margin.right), paper.width),
            (margin.top + margin.bottom, max(margin.top, margin.bottom), paper.height),
        ] where options.fit != .none && sum > 0 && sum >= side {
            throw .limit(name: "margin", value: largest, range: 0...side / 2)
        }
        var placed = PlacedStrokes(placement: placement, profile: profile)
        placed.reserve(points: polylines.points.count, polylines: polylines.count)
        for group in groups { placed.add(group, of: self, minimumLength: options.minimumLength) }
        if placed.lines.count == 0 { throw placed.hasLosses ? .nothingInsideMachine : .nothingToDraw }
        return placed
    }
}
