/// How strokes are drawn so that the pen leaves good ink: several times, past their beginning, from anywhere, with a full pen.
public struct InkCare: Equatable, Sendable {
    /// What a pen that wants ink does.
    public enum Refill: Equatable, Sendable {
        /// The plot waits for a person.
        case pause
        /// It dips at a place of the machine, mm.
        case dip(Point)
    }

    /// Every stroke is drawn so often, without lifting the pen where that is possible.
    public var passes = 1
    /// How far a closed path is drawn on past its beginning, mm.
    public var overlap = 0.0
    /// Closed paths begin anywhere, by this seed; nil = where that is quickest.
    public var startSeed: UInt64?
    /// How long a lowered pen rests before it draws, s.
    public var dwell = 0.0
    /// Where a pen that has just been put in is brought to write, mm; nil = nowhere.
    public var scribble: Point?
    /// Size of the crosses that each pen draws in the corners of the page, mm; nil = none. Crosses of several pens on one
    /// another show how well they meet, and a sheet that is put in again can be laid by them.
    public var marks: Double?
    public var refill: Refill?
    /// Drawn length after which the pen wants ink, mm.
    public var refillDistance: Double?
    /// Drawing time after which it does, s.
    public var refillSeconds: Double?
    /// A line drawn after each dip, from its place, mm along both axes.
    public var wipe: Point?

    public init() {}

    /// Whether strokes are drawn other than as they are.
    var changesStrokes: Bool {
        passes > 1 || overlap > 0 || startSeed != nil || scribble != nil || marks != nil || refill != nil
    }
}

extension InkCare {
    /// Throws when a figure is out of range, or a place outside the machine; names are those of the flags.
    func check(travel: Size? = nil) throws(PlanError) {
        try PlanError.require("multipass", Double(passes), PlanRange.passes)
        try PlanError.require("overlap-ends", overlap, PlanRange.joinDistance)
        try PlanError.require("marks", marks ?? 1, PlanRange.marks)
        try PlanError.require("dwell", dwell, PlanRange.dwell)
        try PlanError.require("re-ink-distance", refillDistance ?? 1, PlanRange.refillDistance)
        try PlanError.require("re-ink-time", refillSeconds ?? 1, PlanRange.refillSeconds)
        guard let travel else { return }
        var places: [(name: String, place: Point)] = []
        if let scribble {
            places.append(("scribble", scribble))
            places.append(("scribble", Point(scribble.x + Self.scribbleWidth, scribble.y + Self.scribbleHeight)))
        }
        if case .dip(let place)? = refill {
            places.append(("re-ink", place))
            if let wipe { places.append(("re-ink-wipe", Point(place.x + wipe.x, place.y + wipe.y))) }
        }
        for (name, place) in places {
            try PlanError.require(name, place.x, 0...travel.width)
            try PlanError.require(name, place.y, 0...travel.height)
        }
    }

    static let scribbleWidth = 8.0
    static let scribbleHeight = 3.0

    /// Crosses in the corners of a page, as far from its edges as they are large; what the machine does not reach is left
    /// out.
    static func marks(of size: Double, page: Box, travel: Size) -> [[Point]] {
        let (left, right) = (page.minimum.x + size, page.maximum.x - size)
        let (near, far) = (page.minimum.y + size, page.maximum.y - size)
        guard left < right, near < far else { return [] }
        let places = [Point(left, near), Point(right, near), Point(right, far), Point(left, far)]
        return places.flatMap { place in
            let half = size / 2
            return [
                [Point(place.x - half, place.y), Point(place.x + half, place.y)],
                [Point(place.x, place.y - half), Point(place.x, place.y + half)],
            ]
        }.filter { line in
            line.allSatisfy { (0...travel.width).contains($0.x) && (0...travel.height).contains($0.y) }
        }
    }

    /// A zigzag, from its left end.
    static func scribble(at place: Point) -> [Point] {
        (0...8).map { i in
            Point(
                place.x + scribbleWidth * Double(i) / 8, place.y + (i.isMultiple(of: 2) ? 0 : scribbleHeight))
        }
    }
}

/// Writes strokes once more as ink care asks for.
private struct CareWriter {
    let source: PlannedStrokes
    let options: PlotOptions
    let profile: MachineProfile
    private var random: PlanRandom
    private var result = Polylines()
    private var isExact: [Bool] = []
    private var colours: [PenColour?] = []
    private(set) var inkStops: [PlotStop] = []
    private var drawn = 0.0
    private var seconds = 0.0

    init(_ source: PlannedStrokes, options: PlotOptions, profile: MachineProfile) {
        self.source = source
        self.options = options
        self.profile = profile
        random = PlanRandom(seed: options.care.startSeed ?? 0)
    }

    private var care: InkCare { options.care }

    /// Adds a stroke with what is known of stroke `index`.
    private mutating func add(_ points: some Sequence<Point>, like index: Int) {
        result.append(points)
        if !source.isExact.isEmpty { isExact.append(source.isExact[index]) }
        if !source.colours.isEmpty { colours.append(source.colours[index]) }
    }

    mutating func written(_ execution: PlanExecution) throws(PlanError) -> PlannedStrokes {
        var output = source
        output.layers = []
        var last: PlotPen?
        for layer in source.layers {
            try execution.checkCancellation()
            let first = result.count
            let pen = PlotPen(layer)
            // A pen that has just been put in is full, and has to be brought to write.
            let isNew = last.map { options.grouping != .layer || !$0.isSame(as: pen) } ?? true
            if isNew, last == nil || !options.usesOnePen {
                (drawn, seconds) = (0, 0)
                if let place = care.scribble, let index = layer.strokes.first {
                    add(InkCare.scribble(at: place), like: index)
                }
                mark(layer)
            }
            last = pen
            var cost = PlanCost(profile: profile, options: options, codes: layer.codes)
            for index in layer.strokes {
                refill(before: index, pen: pen, layer: layer)
                draw(index, &cost)
            }
            var shown = layer
            shown.strokes = first..<result.count
            output.layers.append(shown)
        }
        (output.polylines, output.isExact, output.colours) = (result, isExact, colours)
        return output
    }

    private mutating func mark(_ layer: PlannedStrokes.Layer) {
        guard let size = care.marks, let index = layer.strokes.first else { return }
        let origin = source.pageOrigin
        let page = Box(
            minimum: origin, maximum: Point(origin.x + source.page.width, origin.y + source.page.height))
        for line in InkCare.marks(of: size, page: page, travel: profile.travel) { add(line, like: index) }
    }

    /// The pen is up: gives it ink if it has drawn enough since it had some.
    private mutating func refill(before index: Int, pen: PlotPen, layer: PlannedStrokes.Layer) {
        guard let refill = care.refill,
            drawn >= care.refillDistance ?? .infinity || seconds >= care.refillSeconds ?? .infinity
        else { return }
        (drawn, seconds) = (0, 0)
        switch refill {
        case .pause: inkStops.append(PlotStop(.ink, beforeStroke: result.count, pen: pen, layer: layer.name))
        case .dip(let place):
            add([place], like: index)
            if let wipe = care.wipe { add([place, Point(place.x + wipe.x, place.y + wipe.y)], like: index) }
        }
    }

    private func isClosed(_ line: ArraySlice<Point>) -> Bool {
        line[line.startIndex].distance(to: line[line.endIndex - 1]) < 0.001
    }

    private mutating func draw(_ index: Int, _ cost: inout PlanCost) {
        let first = result.count
        let line = source.polylines[index]
        if line.count < 2 {
            for _ in 0..<care.passes { add(line, like: index) }
        } else if line.count > 3, isClosed(line) {
            add(closed(Array(line)), like: index)
        } else {
            var points = Array(line)
            for pass in 1..<max(2, care.passes) where pass < care.passes {
                if pass.isMultiple(of: 2) {
                    points.append(contentsOf: line.dropFirst())
                } else {
                    points.append(contentsOf: line.reversed().dropFirst())
                }
            }
            add(points, like: index)
        }
        guard care.refill != nil else { return }
        for stroke in first..<result.count {
            drawn += result.length(stroke)
            if care.refillSeconds != nil { seconds += cost.drawing(result[stroke]) }
        }
    }

    /// A closed path from where it is to begin, as often as asked for, and past its beginning.
    private mutating func closed(_ path: [Point]) -> [Point] {
        var ring = Array(path.dropLast())
        if care.startSeed != nil {
            let start = random.below(ring.count)
            ring = Array(ring[start...] + ring[..<start])
        }
        var points: [Point] = []
        points.reserveCapacity(ring.count * (care.passes + 1))
        for _ in 0..<care.passes { points += ring }
        points.append(ring[0])
        // At most once more round.
        var left = care.overlap
        for k in 1...ring.count where left > 0 {
            let (from, to) = (ring[k - 1], ring[k % ring.count])
            let length = from.distance(to: to)
            if length > left {
                let share = left / length
                points.append(Point(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share))
            } else {
                points.append(to)
            }
            left -= length
        }
        return points
    }
}

extension PlannedStrokes {
    /// Points beyond which strokes are not repeated.
    private static let mostPoints = 1 << 25

    /// The strokes as ink care asks for, and where the plot waits for a person.
    ///
    /// - Complexity: O(points · passes).
    func cared(
        options: PlotOptions, profile: MachineProfile, execution: PlanExecution
    ) throws(PlanError) -> PlannedStrokes {
        var cared = self
        var ink: [PlotStop] = []
        if options.care.changesStrokes {
            try options.care.check(travel: profile.travel)
            if polylines.points.count > Self.mostPoints / (options.care.passes + 1) {
                throw .tooLarge("\(options.care.passes) passes of \(polylines.points.count) points")
            }
            var writer = CareWriter(self, options: options, profile: profile)
            cared = try writer.written(execution)
            ink = writer.inkStops
        }
        let layers = cared.layerStops(options: options)
        let taken = Set(layers.map(\.stroke))
        cared.stops = (layers + ink.filter { !taken.contains($0.stroke) }).sorted { $0.stroke < $1.stroke }
        return cared
    }
}
