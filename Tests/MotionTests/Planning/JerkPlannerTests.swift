internal import TestSupport
internal import Testing

@testable internal import Motion

/// Paths planned with a limit on jerk: acceleration continuous, every limit kept, near the line, whatever the line.
struct JerkPlannerTests {
    private static let limits = CurveLimits(
        speed: 50, acceleration: 500, cornerTolerance: 0.05, tolerance: 0.02, jerk: 20_000)

    private static func moves(_ path: [Point], _ limits: CurveLimits = limits) -> [CurveMove] {
        var planner = CurvePlanner(
            steps: StepLimits(
                stepsPerMillimetre: 80, highestRate: 0.9998, shortestTicks: 114, longestTicks: 40_000,
                highestRateStep: 0.16), longestTicks: 6250, splitsReversals: false)
        var moves: [CurveMove] = []
        planner.append(path: path[...], limits: limits, to: &moves)
        return moves
    }

    /// Of the vector x, y of what is given for motors, a length.
    private static func plane(_ motors: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(motors.x + motors.y, motors.x - motors.y) / 160
    }

    private static func length(_ value: SIMD2<Double>) -> Double { (value * value).sum().squareRoot() }

    private static func drawn(_ moves: [CurveMove], from start: Point) -> Polylines {
        var lines = Polylines()
        var place = SIMD2(start.x + start.y, start.x - start.y) * 80
        for move in moves {
            let time = Double(move.ticks)
            let first = (move.exit - move.entry) / time - move.jerk * (time / 2)
            for k in 0...8 {
                let t = time * Double(k) / 8
                let here = plane(place + (move.entry + (first / 2 + move.jerk * (t / 6)) * t) * t)
                lines.append(Point(here.x, here.y))
            }
            place = move.end
        }
        lines.finish()
        return lines
    }

    /// - Parameter beyond: how far the ink may lie beyond the tolerance, mm.
    private func expectRight(
        _ path: [Point], _ note: String, _ limits: CurveLimits = limits, beyond: Double = 1e-9
    ) {
        let moves = Self.moves(path, limits)
        guard moves.count > 0 else { return }
        let second = 25_000.0
        let most = limits.jerk ?? .infinity
        var (entry, acceleration) = (SIMD2(0.0, 0), SIMD2(0.0, 0))
        var place = SIMD2(path[0].x + path[0].y, path[0].x - path[0].y) * 80
        var worst = (jerk: 0.0, acceleration: 0.0, speed: 0.0, gap: 0.0, step: 0.0)
        for move in moves {
            let time = Double(move.ticks)
            #expect(move.entry == entry, "\(note): a jump in velocity")
            let first = (move.exit - move.entry) / time - move.jerk * (time / 2)
            if most.isFinite, acceleration == SIMD2(0, 0) || entry != SIMD2(0, 0) {
                worst.step = max(worst.step, Self.length(Self.plane(first - acceleration)) * second * second)
            }
            let end = place + (move.entry + move.exit) * (time / 2) - move.jerk * (time * time * time / 12)
            worst.gap = max(worst.gap, Self.length(end - move.end))
            (entry, place, acceleration) = (move.exit, move.end, first + move.jerk * time)
            worst.jerk = max(worst.jerk, Self.length(Self.plane(move.jerk)) * second * second * second)
            worst.acceleration = max(worst.acceleration, Self.length(Self.plane(acceleration)) * second * second)
            worst.speed = max(worst.speed, Self.length(Self.plane(entry)) * second)
            #expect(move.ticks >= 114 && move.ticks <= 6250, "\(note): \(move.ticks) ticks")
            #expect(max(move.exit.x.magnitude, move.exit.y.magnitude) <= 0.9999, "\(note)")
        }
        #expect(worst.step < 0.01, "\(note): acceleration jumps by \(worst.step)")
        #expect(worst.gap < 1e-4, "\(note): a jump in place of \(worst.gap)")
        #expect(worst.jerk <= most * (1 + 1e-9), "\(note): jerk of \(worst.jerk)")
        #expect(worst.acceleration <= limits.acceleration * 1.03, "\(note): acceleration of \(worst.acceleration)")
        #expect(worst.speed <= limits.speed * 1.06, "\(note): speed of \(worst.speed)")
        #expect(entry == SIMD2(0, 0) && Self.length(acceleration) < 1e-9, "\(note): moves at its end")
        let last = path[path.count - 1]
        #expect(Self.length(place - SIMD2(last.x + last.y, last.x - last.y) * 80) < 1e-6, "\(note): ends elsewhere")
        var source = Polylines()
        for point in path { source.append(point) }
        source.finish()
        let lines = Self.drawn(moves, from: path[0])
        let spacing = max(0.01, source.length(0) / 2000)
        let near = max(limits.cornerTolerance, limits.tolerance) + beyond
        let missing = Nearness(lines, reach: 1).largestDistance(from: source, spacing: spacing)
        #expect(missing.distance <= near, "\(note): not drawn at \(missing.place), \(missing.distance)")
        let extra = Nearness(source, reach: 1).largestDistance(from: lines, spacing: spacing)
        #expect(extra.distance <= near, "\(note): drawn beside it at \(extra.place), \(extra.distance)")
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func anyLineKeepsItsLimits(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for jerk in [20_000.0, 3_000, 200_000] {
            var limits = Self.limits
            limits.jerk = jerk
            expectRight(RandomLines.line(&random), "seed \(seed), jerk \(jerk)", limits)
        }
    }

    /// However high the limits, what is drawn stays as near: beyond the tolerance comes only what whole steps add.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func highLimitsLeaveTheInkWhereItBelongs(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let size = random.between(0.02, 3)
        let zigzag = (0..<20).map { Point(Double($0) * size, Double($0 % 2) * size) }
        for path in [zigzag, RandomLines.line(&random)] {
            for (speed, acceleration) in [(400.0, 20_000.0), (100, 3_000)] {
                for (tolerance, corner) in [(0.02, 0.05), (0.1, 0.01), (0.005, 0.005)] {
                    for jerk in [20_000.0, 100_000, 1e7] {
                        let limits = CurveLimits(
                            speed: speed, acceleration: acceleration, cornerTolerance: corner, tolerance: tolerance,
                            jerk: jerk)
                        let note = "seed \(seed), \(limits)"
                        expectRight(path, note, limits, beyond: 0.0125)
                    }
                }
            }
        }
    }

    /// Sharp corners at high accelerations: controls that are moved there must not drive the average on.
    @Test func starsAreNotLeftTooFast() {
        for (inner, points) in [(0.4, 9), (0.55, 4), (0.3, 18)] {
            let star = (0...2 * points).map { k in
                let (angle, radius) = (Double.pi * Double(k) / Double(points), k % 2 == 0 ? 20 : 20 * inner)
                return Point(60 + radius * cosine(angle), 60 + radius * sine(angle))
            }
            for (speed, acceleration, jerk) in [(50.0, 5_000.0, 100_000.0), (10, 1_500, 100_000), (2, 20_000, 1e6)] {
                let limits = CurveLimits(
                    speed: speed, acceleration: acceleration, cornerTolerance: 0.1, tolerance: 0.05, jerk: jerk)
                expectRight(star, "\(points) points, \(limits)", limits, beyond: 0.0125)
            }
        }
    }

    /// More of any limit never takes noticeably longer: paths are planned at lower ones from fixed ladders, too.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func noHigherLimitIsSlower(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (heading, bend, hand) = (0.0, 0.0, [Point(50, 50)])
        for _ in 0..<120 {
            bend = 0.9 * bend + random.between(-0.12, 0.12)
            heading += bend
            hand.append(hand[hand.count - 1] + Point(cosine(heading), sine(heading)) * 0.4)
        }
        let rows: [[(speed: Double, acceleration: Double, jerk: Double)]] = [
            [3_000, 20_000, 100_000, 500_000, 1e7].map { (50, 500, $0) },
            [200, 500, 1_000, 3_000, 20_000].map { (50, $0, 20_000) },
            [10, 50, 100, 400].map { ($0, 500, 100_000) },
        ]
        for path in [hand, RandomLines.line(&random)] {
            for row in rows {
                var best = Double.infinity
                for (speed, acceleration, jerk) in row {
                    let limits = CurveLimits(
                        speed: speed, acceleration: acceleration, cornerTolerance: 0.05, tolerance: 0.02, jerk: jerk)
                    let seconds = Double(Self.moves(path, limits).reduce(0) { $0 + Int($1.ticks) }) / 25_000
                    // Of a dot that takes some hundredths of a second, single commands count.
                    #expect(seconds <= best * 1.015 + 0.01, "seed \(seed), \(limits): \(seconds) s, \(best) s by less")
                    best = min(best, seconds)
                }
            }
        }
    }

    @Test func aLineIsTheQuickestRunAndACornerLosesLittle() {
        func seconds(_ path: [Point], _ jerk: Double?) -> Double {
            var limits = Self.limits
            limits.jerk = jerk
            return Double(Self.moves(path, limits).reduce(0) { $0 + Int($1.ticks) }) / 25_000
        }
        // 50 mm/s and 500 mm/s² are reached: length/v + v/a + a/J.
        let line = seconds([Point(0, 0), Point(60, 0)], 20_000)
        #expect(abs(line - (1.2 + 0.1 + 0.025)) < 0.002, "\(line) s")
        // Neither is: four phases of the third root of length/2J.
        let dash = seconds([Point(0, 0), Point(0.5, 0)], 20_000)
        #expect(abs(dash - 4 * 0.023208) < 0.001, "\(dash) s")
        let square = [Point(0, 0), Point(20, 0), Point(20, 20), Point(0, 20), Point(0, 0)]
        #expect(seconds(square, 20_000) < seconds(square, nil) * 1.06)
        let circle = (0...200).map {
            Point(50 + 3 * cosine(Double($0) * .pi / 100), 50 + 3 * sine(Double($0) * .pi / 100))
        }
        #expect(seconds(circle, 20_000) < seconds(circle, nil) * 1.16)
    }

    @Test func whatCannotBePlannedAsItIsIsBounded() {
        var random = SeededGenerator(seed: 3)
        let tiny = (0..<500).map { _ in Point(10 + random.between(0, 1e-6), 10 + random.between(0, 1e-6)) }
        #expect(Self.moves(tiny).count < 60)
        let small = (0..<200).map { _ in Point(10 + random.between(0, 1e-2), 10 + random.between(0, 1e-2)) }
        expectRight(small, "smaller than a step")
        expectRight((0..<8).map { Point(Double($0 % 2) * 5, 3) }, "forth and back")
        expectRight([Point(1, 1), Point(1, 1), Point(1 + 1e-5, 1)], "a dot with a tail")
        #expect(Self.moves([Point(1, 1), Point(1, 1)]) == [])
        for jerk in [100.0, 1e7] {
            var limits = Self.limits
            limits.jerk = jerk
            expectRight([Point(0, 0), Point(3, 0), Point(3, 2), Point(0, 0.5)], "jerk \(jerk)", limits)
            limits.speed = 0.1
            expectRight([Point(0, 0), Point(30, 0), Point(30, 20)], "slow, jerk \(jerk)", limits)
        }
    }
}
