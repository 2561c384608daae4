internal import Glibc
internal import Motion
internal import TestSupport

/// Each kernel of planning by itself, on drawings made from the seed, beside a plain way to the same end.
let kernelBenchmarks = [
    Benchmark(name: "kernel/simplify") { report in
        for (kind, size) in [(SeededDrawing.scan, 200_000), (.spiral, 200_000), (.flow, 10_000)] {
            try measureSimplify(&report, kind, size)
        }
    },
    Benchmark(name: "kernel/clip") { report in
        for (kind, size) in [(SeededDrawing.hatch, 100_000), (.spiral, 200_000)] {
            let lines = try kind.flat(size: size, seed: report.seed).polylines
            let bounds = Box(minX: 40, minY: 40, maxX: 200, maxY: 150)
            report.measure("\(kind) \(size)", elements: lines.points.count) {
                var clipping = Clipping(bounds: bounds)
                var pieces = Polylines()
                for k in 0..<lines.count { clipping.clip(lines[k], origins: [], isClosed: false, into: &pieces) }
                return pieces
            }
        }
    },
    Benchmark(name: "kernel/duplicates") { report in
        let lines = try SeededDrawing.hatch.flat(size: 100_000, seed: report.seed).polylines
        let members = (0..<lines.count).map { Int32($0) }
        let fast = report.measure("hatch 100000", elements: lines.count) { withoutDuplicates(members, in: lines) }
        report.measure("a set of strokes", elements: lines.count, figures: { [("kept", Double($0))] }) {
            var seen: Set<[Point]> = []
            return members.filter { k in
                let line = Array(lines[Int(k)])
                return !seen.contains(line.reversed()) && seen.insert(line).inserted
            }.count
        }
        report.add("kept", elements: fast.count, cpuSeconds: 0)
    },
    Benchmark(name: "kernel/join") { report in
        for (kind, size) in [(SeededDrawing.hatch, 100_000), (.tree, 100_000), (.text, 100_000), (.stipple, 100_000)] {
            let lines = try kind.flat(size: size, seed: report.seed).polylines
            let members = (0..<lines.count).map { Int32($0) }
            report.measure(
                "\(kind) \(size)", elements: lines.count,
                figures: { [("lifts", Double($0.count)), ("links", Double($0.links))] }
            ) { joined(members, of: lines, distance: 0.15) }
            report.measure("\(kind) \(size), plain", elements: lines.count, figures: { [("lifts", Double($0))] }) {
                plainTrails(lines, distance: 0.15)
            }
        }
        let lines = strokesAnywhere(1_000_000, seed: report.seed)
        let members = (0..<lines.count).map { Int32($0) }
        report.measure(
            "anywhere 1000000", elements: lines.count,
            figures: { [("lifts", Double($0.count)), ("links", Double($0.links)), ("aimCPUSeconds", 3)] }
        ) { joined(members, of: lines, distance: 0.15) }
    },
    Benchmark(name: "kernel/order") { report in
        for (kind, size) in [(SeededDrawing.hatch, 1000), (.hatch, 10_000), (.hatch, 100_000), (.stipple, 100_000)] {
            try measureOrder(&report, kind, size)
        }
    },
    Benchmark(name: "kernel/speeds") { report in
        for (kind, size) in [(SeededDrawing.spiral, 1_000_000), (.scan, 200_000)] {
            let lines = try kind.flat(size: size, seed: report.seed).polylines
            let profile = MachineProfile.builtIn[0]
            let limits = MotionLimits(
                speed: profile.penDown.speed, acceleration: profile.penDown.acceleration,
                junctionDeviation: profile.junctionDeviation, tolerance: 0.005)
            let rates = RateCaps(motorSpeed: 312, motorSpeedStep: 31)
            var path = PathSpeeds()
            report.measure("\(kind) \(size)", elements: lines.points.count) {
                for k in 0..<lines.count where path.take(lines[k]) { path.plan(limits: limits, rates: rates) }
            }
            report.measure("\(kind) \(size), plain", elements: lines.points.count) {
                (0..<lines.count).reduce(0) { $0 + pathTime(Array(lines[$1]), profile) }
            }
        }
    },
    Benchmark(name: "kernel/quantise") { report in
        for (kind, size) in [(SeededDrawing.spiral, 1_000_000), (.scan, 200_000), (.hilbert, 1 << 18), (.flow, 10_000)]
        {
            // Simplified, as the kernel gets them.
            var options = PlotOptions()
            options.order = .none
            let lines = try kind.flat(size: size, seed: report.seed).planned(
                options: options, profile: MachineProfile.builtIn[0], execution: .serial
            ).polylines
            let limits = MotionLimits(
                speed: 50, acceleration: 200, junctionDeviation: 0.127,
                tolerance: ToleranceShare.moves(of: options.tolerance))
            for (firmware, shortest) in [("3.0.3", Int32(114)), ("2.8.1", 375)] {
                let steps = StepLimits(
                    stepsPerMillimetre: 80, highestRate: 0.9998, shortestTicks: shortest, longestTicks: 40_000,
                    highestRateStep: 0.16)
                report.measure(
                    "\(kind) \(size), \(firmware)", elements: lines.points.count,
                    figures: { [("moves", Double($0))] }
                ) {
                    var planner = StepPlanner(steps: steps)
                    var moves: [StepMove] = []
                    var count = 0
                    var place = Point(0, 0)
                    for k in 0..<lines.count {
                        guard let first = lines[k].first, let last = lines[k].last else { continue }
                        moves.removeAll(keepingCapacity: true)
                        planner.append(path: [place, first], limits: limits, to: &moves)
                        planner.append(path: lines[k], limits: limits, to: &moves)
                        count += moves.count
                        place = last
                    }
                    return count
                }
            }
            report.measure("\(kind) \(size), plain", elements: lines.points.count, figures: { [("moves", Double($0))] })
            {
                plainMoves(lines, limits)
            }
        }
    },
]

/// Straight strokes of up to 9 mm, anywhere and in any direction.
private func strokesAnywhere(_ count: Int, seed: UInt64) -> Polylines {
    var random = SeededGenerator(seed: seed)
    var lines = Polylines()
    lines.reserve(points: 2 * count, polylines: count)
    for _ in 0..<count {
        let start = Point(
            random.between(0, SeededDrawing.area.width), random.between(0, SeededDrawing.area.height))
        let (length, angle) = (random.between(0, 9), random.between(0, 2 * Double.pi))
        lines.append([start, Point(start.x + length * cos(angle), start.y + length * sin(angle))])
    }
    return lines
}

private func measureSimplify(_ report: inout BenchmarkReport, _ kind: SeededDrawing, _ size: Int) throws {
    let lines = try kind.flat(size: size, seed: report.seed).polylines
    let points = lines.points.count
    let cone = {
        var kept = 0
        for k in 0..<lines.count {
            simplify(lines.points.span.extracting(lines.range(k)), tolerance: 0.02) { _ in kept += 1 }
        }
        return kept
    }
    let halving = { (0..<lines.count).reduce(0) { $0 + halved(lines.points, lines.range($1), tolerance: 0.02) } }
    for (way, body) in [("", cone), (", Douglas and Peucker", halving)] {
        report.measure("\(kind) \(size)\(way)", elements: points, figures: { [("kept", Double($0))] }, body)
    }
}

/// Points that Douglas and Peucker's halving at the farthest point keeps.
private func halved(_ points: [Point], _ range: Range<Int>, tolerance: Double) -> Int {
    var spans = [(range.lowerBound, range.upperBound - 1)]
    var kept = 1
    while let (from, to) = spans.popLast() {
        let (a, b) = (points[from], points[to])
        let d = b - a
        let squared = d.x * d.x + d.y * d.y
        var (farthest, most) = (from, tolerance * tolerance)
        for k in from..<to {
            let w = points[k] - a
            let t = squared > 0 ? max(0, min(1, (w.x * d.x + w.y * d.y) / squared)) : 0
            let off = w - d * t
            let away = off.x * off.x + off.y * off.y
            if away > most { (farthest, most) = (k, away) }
        }
        if farthest == from {
            kept += 1
        } else {
            spans.append((from, farthest))
            spans.append((farthest, to))
        }
    }
    return kept
}

private func measureOrder(_ report: inout BenchmarkReport, _ kind: SeededDrawing, _ size: Int) throws {
    let lines = try kind.flat(size: size, seed: report.seed).polylines
    let given = StrokeOrder(
        lines: lines, strokes: 0..<lines.count, from: Point(0, 0), to: Point(0, 0),
        cost: PlanCost(profile: MachineProfile.builtIn[0], options: PlotOptions(), codes: LayerCodes()))
    let plain = { nearestNextTravel(lines) }
    let nearest = report.measure(
        "\(kind) \(size), nearest next", elements: lines.count, repeats: 1, figures: { [("travel", $0)] }, plain)
    for seconds in [0, nil, 4.0] {
        let label = seconds.map { "\(Int($0)) s" } ?? "default"
        let optimise = {
            var order = given
            try order.optimise(budget: .init(seconds: seconds), execution: .serial)
            return order.travel().length
        }
        try report.measure(
            "\(kind) \(size), \(label)", elements: lines.count, repeats: 1,
            figures: { [("travel", $0), ("ofGiven", $0 / given.travel().length), ("ofNearest", $0 / nearest)] },
            optimise)
    }
}

/// Travel when the nearest end of any stroke left is always next; ends in cells of a grid.
private func nearestNextTravel(_ lines: Polylines) -> Double {
    let cell = (SeededDrawing.area.width * SeededDrawing.area.height / Double(max(1, lines.count))).squareRoot()
    let columns = Int(297 / cell) + 2
    let rows = Int(210 / cell) + 2
    func place(_ end: Int) -> Point {
        let range = lines.range(end / 2)
        return lines.points[end % 2 == 0 ? range.lowerBound : range.upperBound - 1]
    }
    func column(_ p: Point) -> Int { min(max(0, Int(p.x / cell)), columns - 1) }
    func row(_ p: Point) -> Int { min(max(0, Int(p.y / cell)), rows - 1) }
    var cells = Array(repeating: [Int32](), count: columns * rows)
    for end in 0..<2 * lines.count { cells[row(place(end)) * columns + column(place(end))].append(Int32(end)) }
    var isDrawn = Array(repeating: false, count: lines.count)
    var (pen, travel) = (Point(0, 0), 0.0)
    for _ in 0..<lines.count {
        var (best, least) = (-1, Double.infinity)
        var ring = 0
        // A ring further out holds nothing nearer than its inner edge.
        while ring <= max(columns, rows), best < 0 || Double(ring - 1) * cell < least {
            for y in max(0, row(pen) - ring)..<min(rows, row(pen) + ring + 1) {
                let isEdge = abs(y - row(pen)) == ring
                for x in stride(
                    from: column(pen) - ring, through: column(pen) + ring, by: isEdge ? 1 : max(1, 2 * ring))
                where x >= 0 && x < columns {
                    cells[y * columns + x].removeAll { isDrawn[Int($0) / 2] }
                    for end in cells[y * columns + x] where place(Int(end)).distance(to: pen) < least {
                        (best, least) = (Int(end), place(Int(end)).distance(to: pen))
                    }
                }
            }
            ring += 1
        }
        if best < 0 { break }
        travel += least
        pen = place(best ^ 1)
        isDrawn[best / 2] = true
    }
    return travel + pen.distance(to: Point(0, 0))
}
