internal import TestSupport
internal import Testing

@testable internal import Motion

/// Paths made into parabolas in time: continuous, within the limits, near the line, whatever the line.
struct CurvePlannerTests {
    private static let limits = CurveLimits(speed: 50, acceleration: 500, cornerTolerance: 0.05, tolerance: 0.012)

    private static func planner(_ shortest: Int32) -> CurvePlanner {
        CurvePlanner(
            steps: StepLimits(
                stepsPerMillimetre: 80, highestRate: 0.9998, shortestTicks: shortest, longestTicks: 40_000,
                highestRateStep: 0.16), longestTicks: 6250, splitsReversals: shortest > 200)
    }

    private static func moves(_ path: [Point], _ shortest: Int32, _ limits: CurveLimits = limits) -> [CurveMove] {
        var planner = planner(shortest)
        var moves: [CurveMove] = []
        planner.append(path: path[...], limits: limits, to: &moves)
        return moves
    }

    /// mm/s² of a command.
    private static func acceleration(_ move: CurveMove) -> Double {
        let change = (move.exit - move.entry) * (25_000.0 * 25_000 / 80 / move.movingTicks)
        let plane = SIMD2(change.x + change.y, change.x - change.y) / 2
        return (plane * plane).sum().squareRoot()
    }

    private static func drawn(_ moves: [CurveMove], from start: Point) -> Polylines {
        var lines = Polylines()
        var place = SIMD2(start.x + start.y, start.x - start.y) * 80
        for move in moves {
            let time = move.movingTicks
            for k in 0...8 {
                let t = time * Double(k) / 8
                let here = place + move.entry * t + (move.exit - move.entry) * (t * t / (2 * time))
                lines.append(Point((here.x + here.y) / 160, (here.x - here.y) / 160))
            }
            place = move.end
        }
        lines.finish()
        return lines
    }

    private func expectRight(_ path: [Point], _ note: String, _ limits: CurveLimits = limits, near: Double = 0.0625) {
        for shortest in [114, 375] as [Int32] {
            let moves = Self.moves(path, shortest, limits)
            guard moves.count > 0 else { continue }
            var entry = SIMD2(0.0, 0)
            var place = SIMD2(path[0].x + path[0].y, path[0].x - path[0].y) * 80
            for move in moves {
                #expect(move.entry == entry, "\(note): a jump in velocity")
                let end = place + (move.entry + move.exit) * (move.movingTicks / 2)
                #expect(((end - move.end) * (end - move.end)).sum() < 1e-8, "\(note): a jump in place")
                #expect(move.ticks > 0 && move.ticks <= 6250, "\(note)")
                #expect(max(move.exit.x.magnitude, move.exit.y.magnitude) <= 0.9999, "\(note)")
                (entry, place) = (move.exit, move.end)
            }
            #expect(entry == SIMD2(0, 0), "\(note): moves at its end")
            let last = path[path.count - 1]
            let off = place - SIMD2(last.x + last.y, last.x - last.y) * 80
            #expect((off * off).sum() < 1e-6, "\(note): ends elsewhere")
            var source = Polylines()
            for point in path { source.append(point) }
            source.finish()
            let lines = Self.drawn(moves, from: path[0])
            let spacing = max(0.01, source.length(0) / 2000)
            let missing = Nearness(lines, reach: 1).largestDistance(from: source, spacing: spacing)
            #expect(missing.distance <= near, "\(note), \(shortest): not drawn at \(missing.place)")
            let extra = Nearness(source, reach: 1).largestDistance(from: lines, spacing: spacing)
            #expect(extra.distance <= near, "\(note), \(shortest): drawn beside it at \(extra.place)")
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func anyLineIsDrawnWithoutJumps(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3 { expectRight(RandomLines.line(&random), "seed \(seed)") }
    }

    /// A command of n ticks runs faster by 1/n for the tick in which the board rests behind it, or takes that tick.
    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func ratesHardlyStepForATickOfRest(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for acceleration in [200.0, 762] {
            let limits = CurveLimits(
                speed: 50, acceleration: acceleration, cornerTolerance: 0.045, tolerance: 0.0375)
            let line = RandomLines.line(&random)
            let most = min(0.27, 0.03 * acceleration / 100)
            let moves = Self.moves(line, 114, limits)
            for (move, next) in zip(moves, moves.dropFirst()) {
                let hastes = [move, next].map { $0.movingTicks / Double($0.ticks - 1) }
                let step = (move.exit * move.exit).sum().squareRoot() * abs(hastes[1] - hastes[0])
                #expect(step * 25_000 / 80 / 2.0.squareRoot() < most * 1.02, "seed \(seed)")
            }
            #expect(Self.moves(line, 375, limits).allSatisfy { $0.rest == 0 })
        }
    }

    @Test func aSquareCornerIsAParabolaOfOneCommand() {
        let moves = Self.moves([Point(0, 0), Point(20, 0), Point(20, 20)], 114)
        // Up, cruise, brake, corner, and again.
        #expect(moves.count >= 5 && moves.count <= 9)
        #expect(moves.allSatisfy { Self.acceleration($0) <= 500 * 1.03 })
        // 2·√(2e/a) at the full limit, s.
        let corner = moves.first { $0.entry.x > 0.01 && $0.exit.y < -0.01 && $0.entry.y > 0.01 }
        #expect(corner.map { abs(Double($0.ticks) / 25_000 - 2 * (0.1 / 500 as Double).squareRoot()) < 4e-4 } == true)
        expectRight([Point(0, 0), Point(20, 0), Point(20, 20)], "square")
    }

    @Test func aCircleIsFewCommandsAtTheSpeedThatItsRadiusAllows() {
        let circle = (0...200).map { k in
            let angle = Double(k) * 2 * Double.pi / 200
            return Point(50 + 3 * cosine(angle), 50 + 3 * sine(angle))
        }
        let moves = Self.moves(circle, 114)
        #expect(moves.count < 60)
        #expect(moves.allSatisfy { Self.acceleration($0) <= 500 * 1.03 })
        let seconds = Double(moves.reduce(0) { $0 + Int($1.ticks) }) / 25_000
        // v = √(a·r); getting there and back takes about v/a more.
        let speed = (500.0 * 3).squareRoot()
        #expect(seconds < 6 * Double.pi / speed + 1.2 * speed / 500)
    }

    @Test func whatCannotBePlannedAsItIsIsBounded() {
        var random = SeededGenerator(seed: 3)
        let tiny = (0..<2000).map { _ in Point(10 + random.between(0, 1e-6), 10 + random.between(0, 1e-6)) }
        #expect(Self.moves(tiny, 114).count < 8)
        let small = (0..<300).map { _ in Point(10 + random.between(0, 1e-2), 10 + random.between(0, 1e-2)) }
        expectRight(small, "smaller than a step")
        let forthAndBack = (0..<20).map { Point(Double($0 % 2) * 5, 3) }
        expectRight(forthAndBack, "forth and back")
        let cusp = (0...400).map { k in
            let t = Double(k) / 200 - 1
            return Point(50 + t * t * 10, 50 + t * t * t * 10)
        }
        expectRight(cusp, "cusp")
        expectRight([Point(1, 1), Point(1, 1), Point(1 + 1e-5, 1)], "a dot with a tail")
        #expect(Self.moves([Point(1, 1), Point(1, 1)], 114) == [])
        let straight = (0...20_000).map { Point(Double($0) * 1e-3, 7) }
        #expect(Self.moves(straight, 114).count < 12)
    }

    @Test func noiseIsSmoothedWithinTheTolerance() {
        var random = SeededGenerator(seed: 9)
        let clean = (0...2000).map { k in
            let x = Double(k) * 0.05
            return Point(x, 50 + 8 * sine(x / 12))
        }
        let noisy = clean.map { Point($0.x + random.between(-0.02, 0.02), $0.y + random.between(-0.02, 0.02)) }
        let limits = CurveLimits(speed: 50, acceleration: 200, cornerTolerance: 0.05, tolerance: 0.045)
        func ticks(_ path: [Point]) -> Int { Self.moves(path, 114, limits).reduce(0) { $0 + Int($1.ticks) } }
        #expect(ticks(noisy) < ticks(clean) * 11 / 10)
        expectRight(noisy, "noise", limits)
    }
}
