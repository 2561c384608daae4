/// In which order strokes are drawn, and each in which direction.
///
/// Greedy links, exchanges of two to four links, then kicks by rungs of a fixed amount of work (`OrderLadder`); closed strokes may
/// start anywhere, so ordering, by millimetres, and choosing their starts, by seconds, take turns.
package struct StrokeOrder {
    /// Where closed strokes begin and end.
    package enum LoopStarts: Sendable {
        /// Where way and stop cost least.
        case priced
        /// Where the way is shortest.
        case near
        /// Where they are given, as if they were open.
        case given
    }

    /// What ordering may spend.
    package struct Budget {
        /// Seconds asked for; nil = 0.5 s per 10,000 strokes, at most 1 s.
        package var seconds: Double?

        package init(seconds: Double?) { self.seconds = seconds }

        /// What is usual, s.
        static func usualSeconds(strokes: Int) -> Double { min(1, Double(strokes) / 20_000) }

        /// Units of `TourSearch` a second, whatever the kind and size of the drawing: 25 ns for each were measured on one core
        /// at 2.6 GHz, up to 45 with eight builds beside it.
        private static let rate = 40e6
        /// A large drawing spends most of its time before the first kick, s a stroke.
        private static let secondsBefore = 9e-6
        /// Most work of a rung that is reckoned with.
        private static let mostWork = 1 << 42

        /// Work of kicks that the seconds stand for: a fixed number, so that the order never depends on the machine.
        func work(strokes: Int) -> Int {
            let seconds = min(max(seconds ?? Self.usualSeconds(strokes: strokes), 0), 100_000)
            return Int(max(0, seconds - Double(strokes) * Self.secondsBefore) * Self.rate)
        }

        /// The budget that stands for so much work, s.
        static func seconds(work: Int, strokes: Int) -> Double {
            Double(work) / rate + Double(strokes) * secondsBefore
        }

        /// Work that the rungs of kicks are shares and multiples of; never so little that the drawing has no kicks at any budget.
        static func usualWork(strokes: Int) -> Int {
            let usual = Budget(seconds: usualSeconds(strokes: strokes)).work(strokes: strokes)
            return max(strokes > 20_000 ? 4_000_000 : 2000, min(usual, mostWork))
        }
    }

    /// Strokes as index · 2, + 1 where drawn backwards, in drawing order.
    private(set) var sequence: [Int32]
    /// By stroke: offset of the point at which a closed stroke starts; 0 for others.
    private(set) var starts: [Int32]

    private let lines: Polylines
    private let strokes: Range<Int>
    private let isLoop: [Bool]
    private var startPoints: StartPoints?
    private let cost: PlanCost
    /// Where the pen comes from, and where it goes to behind the last stroke.
    private var from: Point
    private var to: Point
    /// The search that the order came out of, as long as it may go on.
    private var running: (OrderProblem, TourSearch)?
    private var random = PlanRandom(seed: 0x5EED)

    /// The given order, as it is.
    package init(
        lines: Polylines, strokes: Range<Int>, from: Point, to: Point, cost: PlanCost,
        loopStarts: LoopStarts = .priced
    ) {
        self.cost = loopStarts == .near ? cost.withoutStops : cost
        self.lines = lines
        self.strokes = strokes
        self.from = from
        self.to = to
        sequence = strokes.indices.map { Int32(truncatingIfNeeded: $0 - strokes.lowerBound) << 1 }
        starts = [Int32](repeating: 0, count: strokes.count)
        isLoop = strokes.map { stroke in
            let range = lines.range(stroke)
            return loopStarts != .given && range.count > 2
                && lines.points[range.lowerBound] == lines.points[range.upperBound - 1]
        }
    }

    /// Neighbours of each end, by the number of strokes: memory and time against quality.
    private static func breadth(strokes: Int) -> Int { strokes <= 20_000 ? 16 : strokes <= 200_000 ? 10 : 7 }
    /// More strokes begin from their cheapest starts alone: kicks have nothing to spare there.
    private static let mostBegunTwice = 20_000
    /// By how much a start must matter for that, s a closed stroke: at the least a hundredth of a lift.
    private static let leastSpread = 0.001
    /// Strokes that one exchange may rewrite; bounds the time of drawings too large for an array.
    private static func reach(strokes: Int) -> Int { strokes <= 200_000 ? strokes : 30_000 }

    /// Where the strokes' ends lie, the pen's own way from `to` to `from` last.
    private func places() -> [SIMD2<Float>] {
        var places: [SIMD2<Float>] = []
        places.reserveCapacity(strokes.count * 2 + 2)
        for (index, stroke) in strokes.enumerated() {
            let range = lines.range(stroke)
            let first = lines.points[range.lowerBound + Int(starts[index])]
            let last = isLoop[index] ? first : lines.points[range.upperBound - 1]
            places.append(SIMD2(Float(first.x), Float(first.y)))
            places.append(SIMD2(Float(last.x), Float(last.y)))
        }
        places.append(SIMD2(Float(to.x), Float(to.y)))
        places.append(SIMD2(Float(from.x), Float(from.y)))
        return places
    }

    /// Strokes that it orders.
    var count: Int { strokes.count }
    /// Where the pen comes down first.
    var entry: Point? { sequence.first.map { ends($0).entry } }

    /// Shortens travel, and the stops of closed strokes.
    package mutating func optimise(budget: Budget, execution: PlanExecution) throws(PlanError) {
        var orders = [self]
        try OrderLadder(home: from, budget: budget).optimise(&orders, execution: execution)
        self = orders[0]
    }

    /// Says where the pen comes from and where it goes to.
    mutating func place(from: Point, to: Point) {
        if from != self.from || to != self.to { running = nil }
        (self.from, self.to) = (from, to)
    }

    /// The order without kicks: greedy links, then exchanges.
    ///
    /// It is sought from the cheapest starts of closed strokes, and where that matters also from starts that only the way
    /// decides, priced afterwards: the quicker of both is kept. Cheap starts bind the order, which the sweeps over starts that
    /// follow do not undo.
    mutating func begin(execution: PlanExecution) throws(PlanError) {
        if isLoop.contains(true) { priceStops() }
        guard strokes.count > 1 else { return chooseStarts() }
        let given = self
        if let startPoints {
            for stroke in isLoop.indices where isLoop[stroke] { starts[stroke] = startPoints.cheapestStop(stroke) }
        }
        try search(execution)
        guard strokes.count <= Self.mostBegunTwice, startPoints?.meanSpread ?? 0 > Self.leastSpread else { return }
        var near = given
        near.startPoints?.pricesStops = false
        for _ in 0..<2 {
            try near.search(execution)
            near.chooseStarts()
        }
        near.startPoints?.pricesStops = true
        near.chooseStarts()
        if near.seconds() < seconds() { self = near }
    }

    /// Greedy links between strokes that start where they do now, then exchanges.
    private mutating func search(_ execution: PlanExecution) throws(PlanError) {
        let places = places()
        let neighbours = Neighbours(
            places: places, breadth: Self.breadth(strokes: strokes.count), execution: execution)
        try execution.checkCancellation()
        let tour = greedyTour(places: places, neighbours: neighbours, first: penItem, execution: execution)
        let problem = OrderProblem(tour: tour, places: places, neighbours: neighbours)
        var search = problem.search(reach: Self.reach(strokes: strokes.count))
        _ = search.run(isCancelled: execution.isCancelled)
        try execution.checkCancellation()
        sequence = problem.sequence(search.tour.entries, from: penItem)
        running = (problem, search)
        chooseStarts()
    }

    /// The pen's own way from `to` to `from`, as a stroke behind the others.
    private var penItem: Int32 { Int32(truncatingIfNeeded: strokes.count) }

    /// Kicks with so much work; the order stays as it was if that takes no longer.
    ///
    /// - Parameters:
    ///   - keepsSearch: whether the next kicks are to go on where these ended, at the price of the memory.
    ///   - progress: told how much of the work is done.
    mutating func kick(
        work: Int, keepsSearch: Bool, execution: PlanExecution, progress: (Int) -> Void
    ) throws(PlanError) {
        let before = (sequence, starts)
        let seconds = seconds()
        let problem: OrderProblem
        var search: TourSearch
        (problem, search) = running ?? resumed(execution)
        running = nil
        search.beginKicks()
        // A kick takes 200 to 900 of work.
        let places = Double(2 * strokes.count + 2)
        let heat = search.length() / places * min(2, Double(work) / 300 / places / 12)
        // Fifty parts, none longer than a tenth of a second, so that cancelling is prompt whatever the budget.
        let part = min(max(10_000, work / 50), 3_000_000)
        for begin in stride(from: 0, to: work, by: part) {
            let end = min(work, begin + part)
            _ = search.iterate(until: end, of: work, heat: heat, random: &random)
            progress(end)
            try execution.checkCancellation()
        }
        sequence = problem.sequence(search.tour.entries, from: penItem)
        let startsBefore = starts
        chooseStarts()
        if self.seconds() < seconds {
            // Where starts moved, the ends of strokes lie elsewhere than the search has them.
            if keepsSearch, starts == startsBefore { running = (problem, search) }
        } else {
            (sequence, starts) = before
        }
    }

    /// A search that goes on from the present order.
    private func resumed(_ execution: PlanExecution) -> (OrderProblem, TourSearch) {
        let problem = OrderProblem(
            tour: [penItem << 1] + sequence, places: places(), breadth: Self.breadth(strokes: strokes.count),
            execution: execution)
        var search = problem.search(reach: Self.reach(strokes: strokes.count))
        _ = search.run(isCancelled: execution.isCancelled)
        return (problem, search)
    }

    /// Lets go of what only a search needs.
    mutating func endSearch() { running = nil }

    private mutating func priceStops() {
        var cost = cost
        var stops: [Float] = []
        var stopsAt = [Int32](repeating: 0, count: strokes.count)
        for (index, stroke) in strokes.enumerated() where isLoop[index] {
            stopsAt[index] = Int32(truncatingIfNeeded: stops.count)
            cost.stops(of: lines[stroke], into: &stops)
        }
        startPoints = StartPoints(
            lines: lines, first: strokes.lowerBound, isLoop: isLoop, stops: stops, stopsAt: stopsAt, cost: cost)
    }

    /// Takes the prices of stops from another order of the same strokes, where both know them by the same numbers.
    mutating func takePrices(of other: StrokeOrder) {
        if other.strokes == strokes, other.isLoop == isLoop { startPoints = other.startPoints }
    }

    /// Starts closed strokes where that costs least in this order.
    mutating func chooseStarts() {
        guard isLoop.contains(true) else { return }
        if startPoints == nil { priceStops() }
        startPoints?.choose(&starts, sequence: sequence, from: from, to: to)
    }

    /// What the order costs, s: lifts, travel and drops, the last way to `to` among them, and the stops of closed strokes.
    package mutating func seconds() -> Double {
        if startPoints == nil, isLoop.contains(true) { priceStops() }
        var place = from
        var sum = 0.0
        for item in sequence {
            let ends = ends(item)
            sum += cost.hop(place.distance(to: ends.entry))
            let stroke = Int(item >> 1)
            if isLoop[stroke], let startPoints { sum += startPoints.stop(stroke, Int(starts[stroke])) }
            place = ends.exit
        }
        return sum + cost.hop(place.distance(to: to))
    }

    /// Where the pen comes down and leaves at an item of the sequence.
    func ends(_ item: Int32) -> (entry: Point, exit: Point) {
        let index = Int(item >> 1)
        let range = lines.range(strokes.lowerBound + index)
        if isLoop[index] {
            let point = lines.points[range.lowerBound + Int(starts[index])]
            return (point, point)
        }
        let (first, last) = (lines.points[range.lowerBound], lines.points[range.upperBound - 1])
        return item & 1 == 0 ? (first, last) : (last, first)
    }

    /// Travel from `from` through all strokes to `to`, mm, and where the last stroke ends.
    package func travel() -> (length: Double, end: Point) {
        var place = from
        var sum = 0.0
        for item in sequence {
            let ends = ends(item)
            sum += place.distance(to: ends.entry)
            place = ends.exit
        }
        return (sum + place.distance(to: to), place)
    }

    /// Polylines of `lines` in the order in which they are drawn.
    var drawn: [Int] { sequence.map { strokes.lowerBound + Int($0 >> 1) } }

    /// Appends the strokes as they are drawn.
    func write(to output: inout Polylines) {
        for item in sequence { write(item, to: &output) }
    }

    /// Appends the stroke of an item of the sequence as it is drawn.
    func write(_ item: Int32, to output: inout Polylines) {
        let index = Int(item >> 1)
        let range = lines.range(strokes.lowerBound + index)
        let shift = Int(starts[index])
        if item & 1 == 1 {
            output.append(lines, isLoop[index] ? (range.lowerBound...(range.lowerBound + shift)).reversed() : [])
            let rest = isLoop[index] ? (range.lowerBound + shift)..<(range.upperBound - 1) : range
            output.append(lines, rest.reversed())
        } else {
            output.append(lines, (range.lowerBound + shift)..<range.upperBound)
            if shift > 0 { output.append(lines, (range.lowerBound + 1)...(range.lowerBound + shift)) }
        }
        output.finish()
    }
}

/// The ordering problem with strokes numbered along a tour, so that what is near lies near in memory.
private struct OrderProblem {
    /// Entered ends of the tour, in the caller's numbers; position p is stroke p here.
    let tour: [Int32]
    let places: [SIMD2<Float>]
    let neighbours: Neighbours

    /// Takes over lists made in the caller's numbers.
    init(tour: [Int32], places: [SIMD2<Float>], neighbours: Neighbours) {
        var number = [Int32](repeating: 0, count: places.count)
        for (place, end) in tour.enumerated() {
            number[Int(end)] = Int32(truncatingIfNeeded: 2 * place)
            number[Int(end ^ 1)] = Int32(truncatingIfNeeded: 2 * place + 1)
        }
        let breadth = neighbours.breadth
        var ends: [Int32] = []
        ends.reserveCapacity(neighbours.ends.count)
        for end in tour {
            for old in [Int(end), Int(end ^ 1)] {
                for j in 0..<breadth {
                    let other = neighbours.ends[old * breadth + j]
                    ends.append(other < 0 ? -1 : number[Int(other)])
                }
            }
        }
        self.tour = tour
        self.places = Self.arranged(places, along: tour)
        self.neighbours = Neighbours(breadth: breadth, ends: ends)
    }

    init(tour: [Int32], places: [SIMD2<Float>], breadth: Int, execution: PlanExecution) {
        self.tour = tour
        self.places = Self.arranged(places, along: tour)
        neighbours = Neighbours(places: self.places, breadth: breadth, execution: execution)
    }

    private static func arranged(_ places: [SIMD2<Float>], along tour: [Int32]) -> [SIMD2<Float>] {
        var result: [SIMD2<Float>] = []
        result.reserveCapacity(places.count)
        for end in tour {
            result.append(places[Int(end)])
            result.append(places[Int(end ^ 1)])
        }
        return result
    }

    func search(reach: Int) -> TourSearch {
        TourSearch(
            tour: tour.indices.map { Int32(truncatingIfNeeded: 2 * $0) }, places: places, neighbours: neighbours,
            reach: reach)
    }

    /// The caller's strokes behind the pen's own way, in the direction in which that leads from its first end.
    func sequence(_ entries: [Int32], from pen: Int32) -> [Int32] {
        let named = entries.map { tour[Int($0 >> 1)] ^ ($0 & 1) }
        guard let place = named.firstIndex(where: { $0 >> 1 == pen }) else { return named }
        let behind = Array(named[(place + 1)...]) + Array(named[..<place])
        return named[place] & 1 == 0 ? behind : behind.reversed().map { $0 ^ 1 }
    }
}
