/// A way to arrange the strokes of a drawing.
private enum Arrangement: CaseIterable {
    /// Their own order, nothing joined.
    case given
    /// Joined and ordered, closed strokes beginning where the way to them is shortest.
    case nearStarts
    /// Joined and ordered, duplicates drawn once.
    case full
    /// The same with duplicates that may be worth drawing again.
    case again
    /// Joined and ordered, closed strokes beginning where the drawing has them.
    case ownStarts
    /// Ordered, nothing joined.
    case unjoined
}

extension PlacedStrokes {
    /// What is drawn, and how many duplicates are drawn again in it.
    typealias Choice = (strokes: ArrangedStrokes, again: Int)

    /// Drawings of more points are compared with their own order alone, and only where the price has it close: it is off by
    /// less the more strokes there are.
    private static let mostCompared = 10_000
    /// Drawings of more points are compared by their price alone: planning one to the end takes seconds.
    private static let mostPlannedTwice = 200_000
    /// Where the chosen way saves less of the own order's time, others are compared with it as well.
    private static let closeShare = 0.02

    /// Joins and orders the strokes, or leaves them in their own order: what is quickest.
    ///
    /// Of large drawings that is found by price. Small ones are planned to the end where the caller knows the board: what is
    /// chosen takes no longer than the own order by its commands.
    ///
    /// - Parameter useful: by group, duplicates that may be worth drawing again.
    mutating func quickest(
        _ useful: [[Int32]], options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> Choice {
        let count = lines.points.count
        let isSmall = count <= Self.mostCompared
        // Under a limit on jerk a long path takes seconds to plan.
        let mayCompare = isSmall || count <= Self.mostPlannedTwice && lines.count > 1 && options.jerk == nil
        let source = options.order == .full && mayCompare ? self : nil
        let (priced, share) = try cheapest(useful, options: options, profile: profile, execution: execution)
        if !isSmall, share < 1 - Self.closeShare || share > 1 { return priced }
        var quiet = execution
        quiet.progress = { _, _ in }
        guard let source, let seconds = try source.seconds(priced.strokes, options, profile, quiet) else {
            return priced
        }
        var (best, least, own) = (priced, seconds, seconds)
        for way in Arrangement.allCases {
            switch way {
            case .given: break
            case .nearStarts: if !isSmall || !source.hasLoops { continue }
            case .full, .again, .ownStarts, .unjoined:
                // The chosen way saves enough.
                if !isSmall || least < own * (1 - Self.closeShare) { continue }
                if way == .again, useful.allSatisfy(\.isEmpty) { continue }
            }
            let other = try source.arranged(way, useful, options, profile, quiet)
            guard let seconds = try source.seconds(other.strokes, options, profile, quiet) else { continue }
            if seconds < least { (best, least) = (other, seconds) }
            if way == .given { own = seconds }
        }
        return best
    }

    /// What is quickest by its price, and its share of the price of the own order where it is another; 2 where it is not.
    private mutating func cheapest(
        _ useful: [[Int32]], options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> (choice: Choice, share: Double) {
        var execution = execution
        // Its own order may turn out to be the quickest: the strokes as they are stay.
        let given = options.order == .full ? given(options: options, profile: profile) : nil
        var untouched = given == nil ? nil : self
        if given != nil { execution.bytes -= PlanMemory.held(lines) }
        turnTouchedLoops(options: options)
        try execution.checkCancellation()
        let again = useful.reduce(0) { $0 + $1.count }
        // The strokes are let go of as soon as they are joined, unless they are wanted once more.
        var more = again > 0 ? with(useful) : nil
        func seconds(_ strokes: OrderedStrokes) -> Double {
            strokes.seconds(codes: groups.map(\.about.codes), options: options, profile: profile)
        }
        var best = try ordered(options: options, profile: profile, execution: execution)
        var (least, drawnAgain) = (given == nil && more == nil ? 0 : seconds(best), 0)
        if let other = try more?.ordered(options: options, profile: profile, execution: execution),
            seconds(other) < least
        {
            (best, least, drawnAgain) = (other, seconds(other), again)
        }
        if let own = untouched, let given, given.isQuicker(than: (least, best.count), motion: options.motion) {
            return (try own.arranged(.given, useful, options, profile, execution), 2)
        }
        // What is not drawn goes before what is drawn is written.
        untouched = nil
        return ((written(best), drawnAgain), given.map { least / $0.seconds } ?? 2)
    }

    private var hasLoops: Bool {
        (0..<lines.count).contains { i in
            let line = lines[i]
            return line.count > 2 && line.first == line.last
        }
    }

    private func arranged(
        _ way: Arrangement, _ useful: [[Int32]], _ options: PlotOptions, _ profile: MachineProfile,
        _ execution: PlanExecution
    ) throws(PlanError) -> Choice {
        var (placed, options) = (way == .again ? with(useful) : self, options)
        switch way {
        case .given: options.order = .none
        case .unjoined: options.joins = false
        case .nearStarts, .full, .again, .ownStarts: placed.turnTouchedLoops(options: options)
        }
        let starts: StrokeOrder.LoopStarts =
            switch way {
            case .given, .full, .again, .unjoined: .priced
            case .nearStarts: .near
            case .ownStarts: .given
            }
        let strokes = try placed.arranged(
            options: options, profile: profile, execution: execution, loopStarts: starts)
        return (strokes, way == .again ? useful.reduce(0) { $0 + $1.count } : 0)
    }

    /// What the plot takes by its commands, s; nil where the caller does not know.
    private func seconds(
        _ arranged: ArrangedStrokes, _ options: PlotOptions, _ profile: MachineProfile, _ execution: PlanExecution
    ) throws(PlanError) -> Double? {
        execution.seconds(try planned(arranged, options: options, profile: profile, execution: execution))
    }

    /// Strokes in drawing order, with what ink care does to them.
    func planned(
        _ arranged: ArrangedStrokes, notes: [Diagnostic] = [], options: PlotOptions, profile: MachineProfile,
        execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        try PlannedStrokes(
            polylines: arranged.polylines, layers: arranged.layers, pageOrigin: placement.pageOrigin,
            page: placement.page, diagnostics: notes, isExact: arranged.isExact, colours: arranged.colours
        ).cared(options: options, profile: profile, execution: execution)
    }
}
