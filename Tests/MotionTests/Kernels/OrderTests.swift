internal import TestSupport
internal import Testing

@testable internal import Motion

/// Orders of strokes: nothing lost, nothing longer, on small drawings the shortest there is.
struct OrderTests {
    private static let home = Point(0, 0)
    private static let cost = PlanCost(
        profile: MachineProfile.builtIn[0], options: PlotOptions(), codes: LayerCodes())

    private func order(_ lines: Polylines, seconds: Double = 0.002) throws -> (StrokeOrder, StrokeOrder) {
        let given = StrokeOrder(lines: lines, strokes: 0..<lines.count, from: Self.home, to: Self.home, cost: Self.cost)
        var better = given
        try better.optimise(budget: .init(seconds: seconds), execution: .serial)
        return (given, better)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func isAPermutation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = [0, 1, 2, 3, 4, 9, 60, 300][random.below(8)]
        let lines = RandomLines.strokes(count, &random)
        let (_, order) = try order(lines)
        #expect(order.sequence.map { $0 >> 1 }.sorted() == (0..<count).map { Int32($0) }, "seed \(seed)")
        var written = Polylines()
        order.write(to: &written)
        #expect(written.count == lines.count, "seed \(seed)")
        let before = (0..<lines.count).map { canonical(Array(lines[$0])) }.sorted(by: precedes)
        let after = (0..<written.count).map { canonical(Array(written[$0])) }.sorted(by: precedes)
        #expect(before == after, "seed \(seed): the same strokes, whichever way round")
        // What it says of the travel is so.
        var place = Self.home
        var travel = 0.0
        for k in 0..<written.count {
            let line = Array(written[k])
            travel += place.distance(to: line[0])
            place = line[line.count - 1]
        }
        travel += place.distance(to: Self.home)
        #expect(abs(travel - order.travel().length) <= 1e-9 * (1 + travel), "seed \(seed)")
    }

    /// One writing for all ways in which a stroke may be drawn: either direction, a closed one from any vertex.
    private func canonical(_ line: [Point]) -> [Point] {
        let ways = [line, Array(line.reversed())]
        guard line.count > 2, line[0] == line[line.count - 1] else { return ways.min(by: precedes) ?? line }
        return ways.flatMap { way in
            let ring = way.dropLast()
            return ring.indices.map { Array(ring[$0...] + ring[..<$0]) }
        }.min(by: precedes) ?? line
    }

    private func precedes(_ a: [Point], _ b: [Point]) -> Bool {
        for (p, q) in zip(a, b) where p != q { return (p.x, p.y) < (q.x, q.y) }
        return a.count < b.count
    }

    /// Through the whole of planning, several layers included.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func itNeverTakesLongerThanGiven(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = 1 + random.below(120)
        var lines = RandomLines.strokes(count, &random)
        // Sometimes the given order is a good one already.
        if random.below(2) == 0 {
            var row = Polylines()
            for k in 0..<count { row.append([Point(Double(k), 5), Point(Double(k) + 0.5, 5)]) }
            lines = row
        }
        let layers = 1 + random.below(3)
        let drawing = FlatDrawing(
            page: Size(width: 297, height: 210), layers: (0..<layers).map { DrawingLayer(name: "\($0)") },
            styles: (0..<layers).map { .init(layer: $0, stroke: .black, fill: nil) }, polylines: lines,
            styleOf: (0..<lines.count).map { _ in Int32(random.below(layers)) },
            isClosed: Array(repeating: false, count: lines.count))
        var options = PlotOptions()
        options.joinDistance = 0
        options.orderSeconds = [0, 0.001][random.below(2)]
        options.order = .none
        let given = try seconds(drawing, options)
        options.order = .full
        #expect(try seconds(drawing, options) <= given * (1 + 1e-9), "seed \(seed)")
    }

    /// Lifts, travel, drops and strokes from rest to rest.
    private func seconds(_ drawing: FlatDrawing, _ options: PlotOptions) throws -> Double {
        var cost = Self.cost
        let planned = try drawing.planned(options: options, profile: MachineProfile.builtIn[0], execution: .serial)
        var place = Self.home
        var sum = 0.0
        for k in 0..<planned.polylines.count {
            let line = planned.polylines[k]
            sum += cost.hop(place.distance(to: line[line.startIndex])) + cost.drawing(line)
            place = line[line.endIndex - 1]
        }
        return sum + cost.hop(place.distance(to: Self.home))
    }

    /// Up to five open strokes: against every order and every direction.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func smallDrawingsGetTheShortestTravelThereIs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var lines = Polylines()
        for _ in 0..<1 + random.below(5) {
            let from = random.point(in: RandomLines.box)
            lines.append([from, random.below(4) == 0 ? from + Point(1, 0) : random.point(in: RandomLines.box)])
        }
        let best = shortest(lines, from: Self.home, left: Array(0..<lines.count))
        let (_, order) = try order(lines)
        #expect(order.travel().length <= best * 1.0001, "seed \(seed), \(lines.count) strokes")
    }

    private func shortest(_ lines: Polylines, from place: Point, left: [Int]) -> Double {
        if left.isEmpty { return place.distance(to: Self.home) }
        var best = Double.infinity
        for stroke in left {
            let rest = left.filter { $0 != stroke }
            let range = lines.range(stroke)
            let (a, b) = (lines.points[range.lowerBound], lines.points[range.upperBound - 1])
            best = min(best, place.distance(to: a) + shortest(lines, from: b, left: rest))
            best = min(best, place.distance(to: b) + shortest(lines, from: a, left: rest))
        }
        return best
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func freeStartsOfClosedStrokesSaveTravel(seed: UInt64) throws {
        let lines = try SeededDrawing.contours.flat(size: 60, seed: seed).polylines
        var (given, free) = try order(lines)
        #expect(free.seconds() <= given.seconds(), "seed \(seed)")
        var starts = given
        starts.chooseStarts()
        #expect(starts.seconds() <= given.seconds(), "seed \(seed): starts alone never take longer")
        #expect(starts.travel().length <= given.travel().length * 1.2, "seed \(seed)")
    }

    /// Beginning in the middle of a smooth side takes a stop that beginning in a corner does not.
    @Test func closedStrokesBeginInCorners() throws {
        var lines = Polylines()
        // A drop: round but for the corner farthest from home; starts in the round part.
        for k in 0..<5 {
            let middle = Point(20 + Double(k) * 9, 30)
            let round = (0...40).map { i -> Point in
                let angle = (Double(i) / 40 * 1.5 + 0.5) * .pi
                return middle + Point(cosine(angle), sine(angle)) * 3
            }
            let ring = [round[20]] + round[21...] + [middle + Point(3, 3)] + round[..<20] + [round[20]]
            lines.append(ring)
        }
        let (_, order) = try order(lines)
        let inCorner = (0..<5).count { lines[$0][lines.range($0).lowerBound + Int(order.starts[$0])].y > 32.9 }
        #expect(inCorner >= 4)
    }

    /// What a stop costs is what the path takes longer with it, for every vertex.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func stopsArePricedAsThePathIsPlanned(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let corners = 3 + random.below(12)
        let ring = (0..<corners).map { k -> Point in
            let angle = 2 * .pi * Double(k) / Double(corners)
            return Point(cosine(angle), sine(angle)) * random.between(2, 30)
        }
        // By the acceleration vector it is reckoned with the speeds of the lap, which a stop changes a little farther on, too.
        for (motion, exactness) in [(PlotOptions.Motion.junction, 1e-3), (.physical, 1e-2)] {
            var options = PlotOptions()
            options.motion = motion
            var cost = PlanCost(profile: MachineProfile.builtIn[0], options: options, codes: LayerCodes())
            var stops: [Float] = []
            cost.stops(of: (ring + [ring[0]])[...], into: &stops)
            #expect(stops.count == corners, "seed \(seed)")
            let from = (0..<corners).map { k in cost.drawing((ring[k...] + ring[...k])[...]) }
            // Where a ring begins decides nothing but the stop.
            for k in 1..<corners {
                #expect(
                    abs((from[k] - from[0]) - Double(stops[k] - stops[0])) < exactness, "seed \(seed), \(k), \(motion)")
            }
        }
    }

    /// The same work whatever the machine, and none for a budget of nothing.
    @Test func theBudgetIsAnAmountOfWork() {
        #expect(StrokeOrder.Budget(seconds: 0).work(strokes: 1000) == 0)
        #expect(StrokeOrder.Budget(seconds: -1).work(strokes: 1000) == 0)
        #expect(StrokeOrder.Budget(seconds: .infinity).work(strokes: 0) == 4_000_000_000_000)
        #expect(StrokeOrder.Budget(seconds: nil).work(strokes: 0) == 0)
        #expect(StrokeOrder.Budget(seconds: nil).work(strokes: 1_000_000) == 0)
        let some = StrokeOrder.Budget(seconds: nil).work(strokes: 10_000)
        #expect(some > 0 && some < 20_000_000)
        // What comes before the first kick counts.
        #expect(
            StrokeOrder.Budget(seconds: 4).work(strokes: 100_000) < 4 * StrokeOrder.Budget(seconds: 1).work(strokes: 0))
    }

    /// One layer and several, open strokes and loops: each budget does what a smaller one does first, and keeps what is quicker.
    @Test(arguments: [SeededDrawing.hatch, .text, .contours, .stipple, .flow], [1, 3])
    func moreBudgetIsNeverSlower(_ kind: SeededDrawing, _ layers: Int) throws {
        let seed: UInt64 = 18
        var random = SeededGenerator(seed: seed)
        var drawing = try kind.flat(size: kind == .contours ? 40 : 150, seed: seed)
        drawing.layers = (0..<layers).map { DrawingLayer(name: "\($0)") }
        drawing.styles = (0..<layers).map { .init(layer: $0, stroke: .black, fill: nil) }
        drawing.styleOf = drawing.styleOf.map { _ in Int32(random.below(layers)) }
        var options = PlotOptions()
        var last = Double.infinity
        var times: [Double] = []
        for budget in [0, 0.0002, 0.001, 0.002, 0.0045, 0.007, 0.008, 0.02, 0.05, 0.3] as [Double?] + [nil] {
            options.orderSeconds = budget
            let seconds = try seconds(drawing, options)
            if budget != nil {
                #expect(seconds <= last * (1 + 1e-9), "seed \(seed), \(kind), \(layers) layers, \(budget ?? -1)")
                last = seconds
                times.append(seconds)
            } else {
                #expect(seconds >= last * (1 - 1e-9) && seconds <= times[0] * (1 + 1e-9), "the usual lies between")
            }
        }
        #expect(last < times[0], "kicks gain something")
    }

    /// Kicks end where their work does, however dear one of them is.
    @Test(arguments: [SeededDrawing.hatch, .flow, .contours])
    func kicksStayWithinTheirWork(kind: SeededDrawing) throws {
        let lines = try kind.flat(size: 300, seed: 5).polylines
        var places: [SIMD2<Float>] = []
        for k in 0..<lines.count {
            for point in [lines[k].first, lines[k].last].compactMap(\.self) {
                places.append(SIMD2(Float(point.x), Float(point.y)))
            }
        }
        let lists = Neighbours(places: places, breadth: 10, execution: .serial)
        var search = TourSearch(
            tour: (0..<Int32(lines.count)).map { 2 * $0 }, places: places, neighbours: lists, reach: lines.count)
        _ = search.run(isCancelled: { false })
        let length = search.length()
        var random = PlanRandom(seed: 1)
        let saved = search.iterate(until: 400_000, of: 400_000, heat: 0, random: &random)
        #expect(search.kickWork >= 400_000 && search.kickWork < 480_000)
        #expect(saved > 0 && abs(length - saved - search.length()) < 1e-2, "without heat never longer")
    }

    /// Reversed runs are logged as such, others by what stood there: both ways back.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func aTourIsUndone(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = 3 + random.below(40)
        let entries = (0..<Int32(count)).map { 2 * $0 + Int32(random.below(2)) }
        var tour = Tour(entries: entries)
        for _ in 0..<6 {
            var runs = TourRuns()
            let places = Set([random.below(count), random.below(count), random.below(count)]).sorted()
            guard places.count > 1 else { continue }
            runs.count = places.count
            for (k, place) in places.enumerated() { runs.bounds[k] = place }
            // Run 0 first, the others in either order and direction.
            let isSwapped = places.count == 3 && random.below(2) == 0
            for k in 1..<places.count {
                runs.order[k] = (isSwapped ? 3 - k : k) << 1 | random.below(2)
            }
            let links = naive(tour.entries, runs)
            _ = tour.rearrange(runs)
            #expect(linked(tour.entries) == linked(links), "seed \(seed)")
            for (place, end) in tour.entries.enumerated() {
                #expect(tour.position(of: end) == place && tour.isEntry(end), "seed \(seed)")
            }
        }
        tour.undo()
        #expect(tour.entries == entries, "seed \(seed)")
    }

    /// The runs written out one after the other.
    private func naive(_ entries: [Int32], _ runs: TourRuns) -> [Int32] {
        (0..<runs.count).flatMap { k in
            let run = runs.order[k] >> 1
            let places = (0..<runs.length(run, of: entries.count)).map { (runs.bounds[run] + $0) % entries.count }
            let strokes = places.map { entries[$0] }
            return runs.order[k] & 1 == 0 ? strokes : strokes.reversed().map { $0 ^ 1 }
        }
    }

    /// Which ends lie on one link: the same for a tour turned or seen the other way round.
    private func linked(_ entries: [Int32]) -> Set<[Int32]> {
        Set(entries.indices.map { k in [entries[k] ^ 1, entries[(k + 1) % entries.count]].sorted() })
    }
}
