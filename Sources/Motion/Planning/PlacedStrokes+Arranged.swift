/// Strokes in drawing order.
struct ArrangedStrokes {
    var polylines: Polylines
    var layers: [PlannedStrokes.Layer]
    var isExact: [Bool]
    /// One a stroke.
    var colours: [PenColour?]
    var notes: [Diagnostic]
}

/// Joined strokes, and the sequence in which they are drawn: written only when it is known that they are.
struct OrderedStrokes {
    fileprivate var joined: PlacedStrokes.Joined
    /// One a group.
    fileprivate var orders: [StrokeOrder]
    fileprivate var notes: [Diagnostic]

    var count: Int { joined.lines.count }

    /// Lifts, travel, drops and drawing from home to home, s.
    ///
    /// - Parameter codes: one a group.
    /// - Complexity: O(points).
    func seconds(codes: [LayerCodes], options: PlotOptions, profile: MachineProfile) -> Double {
        let home = Point(0, 0)
        var (sum, place, scratch) = (0.0, home, Polylines())
        var cost = PlanCost(profile: profile, options: options, codes: LayerCodes())
        for (codes, order) in zip(codes, orders) {
            cost = PlanCost(profile: profile, options: options, codes: codes)
            for item in order.sequence {
                scratch.removeAll()
                order.write(item, to: &scratch)
                sum += cost.hop(place.distance(to: scratch.points[0])) + cost.drawing(scratch.points[...])
                place = scratch.points[scratch.points.count - 1]
            }
        }
        return sum + cost.hop(place.distance(to: home))
    }
}

/// What drawing takes in the drawing's own order, nothing joined.
struct GivenOrder {
    var seconds: Double
    var strokes: Int

    /// What the price may be off from the commands, as a share of it: parabolas have a shortest time, which depends on where
    /// a ring begins.
    private static func uncertainty(_ motion: PlotOptions.Motion) -> Double {
        switch motion {
        case .junction: 0.0005
        case .physical: 0.001
        }
    }

    /// Whether the own order is the quicker one: for certain, or perhaps and the other saves no lift either.
    ///
    /// - Parameters: `other` seconds and count of strokes.
    func isQuicker(than other: (seconds: Double, strokes: Int), motion: PlotOptions.Motion) -> Bool {
        let savesLifts = other.strokes < strokes
        return seconds < other.seconds * (1 + (savesLifts ? 0 : Self.uncertainty(motion)))
    }
}

extension PlacedStrokes {
    /// The price of the drawing's own order.
    ///
    /// - Complexity: O(points).
    func given(options: PlotOptions, profile: MachineProfile) -> GivenOrder {
        let home = Point(0, 0)
        var given = GivenOrder(seconds: 0, strokes: 0)
        var place = home
        var cost = PlanCost(profile: profile, options: options, codes: LayerCodes())
        for group in groups {
            cost = PlanCost(profile: profile, options: options, codes: group.about.codes)
            for member in group.members {
                let line = lines[Int(member)]
                given.seconds += cost.hop(place.distance(to: line[line.startIndex])) + cost.drawing(line)
                given.strokes += 1
                place = line[line.endIndex - 1]
            }
        }
        given.seconds += cost.hop(place.distance(to: home))
        return given
    }

    /// Joins and orders the strokes of each group.
    ///
    /// Groups follow each other: each starts where the one before ended, the last returns to home. It never takes longer than
    /// in the given order. The placed polylines are let go of once they are joined: it can be done once.
    mutating func ordered(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution,
        loopStarts: StrokeOrder.LoopStarts = .priced
    ) throws(PlanError) -> OrderedStrokes {
        execution.progress("join", 0)
        var notes: [Diagnostic] = []
        try execution.require(bytes: PlanMemory.joining(lines))
        let strokes = joined(options: options, notes: &notes)
        forgetLines()
        try execution.require(bytes: PlanMemory.ordering(strokes.lines))
        try execution.checkCancellation()
        execution.progress("order", 0)
        let orders = try StrokeOrder.groups(
            of: strokes.lines, ranges: strokes.ranges, codes: groups.map(\.about.codes),
            isOptimised: options.order == .sort || options.order == .full, options: options, profile: profile,
            execution: execution, loopStarts: loopStarts)
        execution.progress("order", 1)
        return OrderedStrokes(joined: strokes, orders: orders, notes: notes)
    }

    /// Writes ordered strokes in drawing order.
    func written(_ ordered: OrderedStrokes) -> ArrangedStrokes {
        let strokes = ordered.joined
        var output = Polylines()
        output.reserve(points: strokes.lines.points.count, polylines: strokes.lines.count)
        var layers: [PlannedStrokes.Layer] = []
        var exact: [Bool] = []
        var colours: [PenColour?] = []
        for (group, order) in zip(groups, ordered.orders) {
            let first = output.count
            order.write(to: &output)
            if !strokes.isExact.isEmpty { exact += order.drawn.map { strokes.isExact[$0] } }
            colours += order.drawn.map { palette[Int(strokes.colourOf[$0])] }
            let own = colours[first...]
            let colour = own.first.flatMap { $0 }
            layers.append(
                PlannedStrokes.Layer(
                    name: group.about.name, strokes: first..<output.count,
                    colour: own.allSatisfy { $0 == colour } ? colour : nil,
                    codes: group.about.codes))
        }
        return ArrangedStrokes(
            polylines: output, layers: layers, isExact: exact, colours: colours, notes: ordered.notes)
    }

    /// Joins, orders and writes at once.
    mutating func arranged(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution,
        loopStarts: StrokeOrder.LoopStarts = .priced
    ) throws(PlanError) -> ArrangedStrokes {
        written(
            try ordered(options: options, profile: profile, execution: execution, loopStarts: loopStarts))
    }

    /// Strokes of each group after joining, one range of `lines` a group.
    fileprivate struct Joined {
        var lines = Polylines()
        var ranges: [Range<Int>] = []
        /// One a line, or empty.
        var isExact: [Bool] = []
        /// One a line: that of the first stroke in it.
        var colourOf: [Int32] = []

        /// Appends strokes as one. Where none of them has used its tolerance, points between short ones are dropped, too.
        mutating func append(_ items: ArraySlice<Int32>, of placed: PlacedStrokes, tolerance: Double) {
            if let first = items.first { colourOf.append(placed.colourOf[Int(first >> 1)]) }
            let isExact = !placed.isExact.isEmpty && items.allSatisfy { placed.isExact[Int($0 >> 1)] }
            if !placed.isExact.isEmpty { self.isExact.append(isExact) }
            guard items.count > 1, tolerance > 0 else {
                lines.append(items, of: placed.lines)
                return
            }
            guard isExact else {
                // The chords of curves have had their part of the tolerance: what is left is for rounding in files.
                lines.append(items, of: placed.lines, meeting: 2 * ToleranceShare.points * tolerance)
                return
            }
            var trail = Polylines()
            let moved = trail.append(items, of: placed.lines, meeting: 2 * ToleranceShare.chords * tolerance)
            let (thin, keepsTolerance) = trail.simplified(
                0..<trail.count, isCurved: [false], tolerance: tolerance, used: moved / tolerance)
            lines.append(contentsOf: thin)
            self.isExact[self.isExact.count - 1] = keepsTolerance[0]
        }
    }

    private func joined(options: PlotOptions, notes: inout [Diagnostic]) -> Joined {
        var result = Joined()
        result.lines.reserve(points: lines.points.count, polylines: lines.count)
        let joins = (options.order == .join || options.order == .full) && options.joins
        var (joinCount, links) = (0, 0)
        for group in groups {
            let first = result.lines.count
            if joins {
                for members in ofOneColour(group.members) {
                    let trails = Motion.joined(members, of: lines, distance: options.joinDistance)
                    for k in 0..<trails.count {
                        result.append(
                            trails.items[trails.starts[k]..<trails.starts[k + 1]], of: self,
                            tolerance: options.tolerance)
                    }
                    joinCount += members.count - trails.count
                    links += trails.links
                }
            } else {
                for member in group.members {
                    result.append([member << 1], of: self, tolerance: options.tolerance)
                }
            }
            result.ranges.append(first..<result.lines.count)
        }
        if joinCount > 0 {
            notes.append(
                Diagnostic(
                    .info, code: "joined",
                    message:
                        links == 0
                        ? "strokes that meet are drawn in one"
                        : "strokes that meet are drawn in one, \(links) across a gap of at most \(options.joinDistance) mm",
                    count: joinCount))
        }
        return result
    }

    /// Strokes of one colour each, the colours in the order in which they come: what is joined has one ink.
    private func ofOneColour(_ members: [Int32]) -> [[Int32]] {
        func colour(_ member: Int32) -> PenColour? { palette[Int(colourOf[Int(member)])] }
        guard let first = members.first, members.contains(where: { colour($0) != colour(first) }) else {
            return [members]
        }
        var place: [PenColour?: Int] = [:]
        var result: [[Int32]] = []
        for member in members {
            let own = colour(member)
            let k = place[own] ?? result.count
            if k == result.count {
                place[own] = k
                result.append([])
            }
            result[k].append(member)
        }
        return result
    }
}

extension StrokeOrder {
    /// Orders the strokes of groups that follow each other, from home to home; never worse than as they are given.
    ///
    /// - Parameters:
    ///   - ranges: of `lines`, one a group.
    ///   - codes: one a group.
    static func groups(
        of lines: Polylines, ranges: [Range<Int>], codes: [LayerCodes], isOptimised: Bool, options: PlotOptions,
        profile: MachineProfile, execution: PlanExecution,
        loopStarts: StrokeOrder.LoopStarts = .priced
    ) throws(PlanError) -> [StrokeOrder] {
        let home = Point(0, 0)
        let budget = StrokeOrder.Budget(seconds: options.orderSeconds)
        var given: [StrokeOrder] = []
        var end = home
        for (range, codes) in zip(ranges, codes) {
            let cost = PlanCost(profile: profile, options: options, codes: codes)
            given.append(
                StrokeOrder(
                    lines: lines, strokes: range, from: end, to: home, cost: cost, loopStarts: loopStarts))
            end = given[given.count - 1].travel().end
        }
        if !isOptimised { return given }
        var better = given
        try OrderLadder(home: home, budget: budget).optimise(&better, execution: execution)
        let cost = PlanCost(profile: profile, options: options, codes: LayerCodes())
        /// Of groups that begin where the one before ended, and the way home.
        func seconds(_ orders: inout [StrokeOrder]) -> Double {
            var (sum, end) = (0.0, home)
            for g in orders.indices {
                end = orders[g].travel().end
                sum += orders[g].seconds() - cost.hop(end.distance(to: home))
            }
            return sum + cost.hop(end.distance(to: home))
        }
        for g in given.indices { given[g].takePrices(of: better[g]) }
        return seconds(&better) <= seconds(&given) ? better : given
    }
}

extension Polylines {
    /// Appends some points of `other`, in that order.
    mutating func append(_ other: Polylines, _ offsets: some Sequence<Int>) {
        if other.origins.isEmpty {
            for k in offsets { append(other.points[k]) }
        } else {
            for k in offsets { append(other.points[k], origin: other.origins[k]) }
        }
    }

    /// Appends polylines of `other` as one, a point that repeats the one before, within rounding, left out.
    ///
    /// Ends that miss each other by little meet halfway: a link of a thousandth of a millimetre is two turns, at which the
    /// pen would all but stop.
    /// - Parameters:
    ///   - items: polyline · 2, + 1 where it is drawn backwards.
    ///   - gap: ends so near each other meet, mm; 0 = none.
    /// - Returns: how far an end was moved, mm, at most half of `gap`.
    @discardableResult
    mutating func append(_ items: ArraySlice<Int32>, of other: Polylines, meeting gap: Double = 0) -> Double {
        var isFirst = true
        var moved = 0.0
        for item in items {
            let range = other.range(Int(item >> 1))
            let entry = item & 1 == 0 ? range.lowerBound : range.upperBound - 1
            let inner = item & 1 == 0 ? entry + 1 : entry - 1
            var meets = false
            if !isFirst, range.count > 1, let last = points.last {
                let off = last.distance(to: other.points[entry])
                meets = off <= 2 * JoinNodes.rounding
                // No side is used up by it.
                if !meets, off <= gap, points.count - starts[count] > 1,
                    4 * off <= last.distance(to: points[points.count - 2]),
                    4 * off <= other.points[entry].distance(to: other.points[inner])
                {
                    meets = true
                    moved = max(moved, off / 2)
                    replaceLast(with: (last + other.points[entry]) * 0.5)
                }
            }
            if item & 1 == 0 {
                append(other, meets ? range.dropFirst() : range)
            } else {
                append(other, (meets ? range.dropLast() : range).reversed())
            }
            isFirst = false
        }
        finish()
        return moved
    }
}
