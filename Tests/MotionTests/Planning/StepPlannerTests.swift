internal import TestSupport
internal import Testing

@testable internal import Motion

/// Paths made into whole steps: every end where it belongs, every move one that link and motors can do.
struct StepPlannerTests {
    /// Link and motors of the two firmwares, at two resolutions.
    private static func limits(_ random: inout SeededGenerator) -> StepLimits {
        StepLimits(
            stepsPerMillimetre: [80, 40, 10][random.below(3)], highestRate: 0.9998,
            shortestTicks: [114, 375][random.below(2)], longestTicks: 40_000, highestRateStep: 0.16)
    }

    private static func motion(_ random: inout SeededGenerator) -> MotionLimits {
        MotionLimits(
            speed: random.between(1, 200), acceleration: random.between(50, 5000),
            junctionDeviation: random.between(0.01, 0.2), tolerance: [0, 0.005, 0.05][random.below(3)])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func everyPathEndsAtTheRoundingOfItsEnd(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var planner = StepPlanner(steps: Self.limits(&random))
        let steps = planner.steps.stepsPerMillimetre
        var place = Point(0, 0)
        var sum = (motor1: Int32(0), motor2: Int32(0))
        for _ in 0..<12 {
            let line = RandomLines.line(&random)
            // There, along it, and at the end of all home.
            for path in [[place, line[0]], line] {
                var moves: [StepMove] = []
                planner.append(path: path[...], limits: Self.motion(&random), to: &moves)
                for move in moves {
                    sum.motor1 += move.steps1
                    sum.motor2 += move.steps2
                }
                let end = path[path.count - 1]
                #expect(sum == planner.position, "seed \(seed)")
                #expect(abs(Double(sum.motor1) - (end.x + end.y) * steps) <= 0.5 + 1e-4, "seed \(seed)")
                #expect(abs(Double(sum.motor2) - (end.x - end.y) * steps) <= 0.5 + 1e-4, "seed \(seed)")
                place = end
            }
        }
        var moves: [StepMove] = []
        planner.append(path: [place, Point(0, 0)], limits: Self.motion(&random), to: &moves)
        #expect(planner.position == (0, 0), "seed \(seed)")
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func everyMoveIsOneThatLinkAndMotorsCanDo(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            var planner = StepPlanner(steps: Self.limits(&random))
            let limits = planner.steps
            var moves: [StepMove] = []
            planner.append(path: RandomLines.line(&random)[...], limits: Self.motion(&random), to: &moves)
            for move in moves {
                #expect(move.ticks >= limits.shortestTicks && move.ticks <= limits.longestTicks, "seed \(seed)")
                #expect(move.steps1 != 0 || move.steps2 != 0, "seed \(seed): an idle move")
                for (steps, acceleration) in [(move.steps1, move.acceleration1), (move.steps2, move.acceleration2)] {
                    let rate = Double(steps.magnitude) / Double(move.ticks)
                    #expect(rate <= limits.highestRate * (1 + 1e-9), "seed \(seed): \(rate) steps a tick")
                    #expect(acceleration.isFinite, "seed \(seed)")
                    // Never past zero within the move: the ramp covers the steps at most.
                    let ramp = acceleration.magnitude * Double(move.ticks) * Double(move.ticks) / 2
                    #expect(ramp <= Double(steps.magnitude) * (1 + 1e-9), "seed \(seed): a ramp through zero")
                }
            }
        }
    }

    /// Places between moves lie within the tolerance and half a step of each motor of the path, and in order along it.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func movesMeetOnThePath(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            var planner = StepPlanner(steps: Self.limits(&random))
            let line = RandomLines.line(&random)
            let motion = Self.motion(&random)
            var moves: [StepMove] = []
            planner.append(path: [Point(0, 0), line[0]], limits: motion, to: &moves)
            moves = []
            var place = planner.position
            planner.append(path: line[...], limits: motion, to: &moves)
            let steps = planner.steps.stepsPerMillimetre
            for move in moves {
                place.motor1 += move.steps1
                place.motor2 += move.steps2
                let (a, b) = (Double(place.motor1), Double(place.motor2))
                let away = Naive.distance(Point((a + b) / (2 * steps), (a - b) / (2 * steps)), line[...])
                // Half a step of both motors is half a step along x or y, in the worst case; a smoothed path has the tolerance.
                #expect(away <= 0.5 / steps + motion.tolerance + 1e-6, "seed \(seed): a move ends \(away) mm off")
            }
        }
    }

    /// Where moves stand for several segments, the velocity changes between them by no more than the rule lets it at a corner.
    @Test(arguments: SeededDrawing.allCases, [Int32(114), 375])
    func mergingKeepsTheRule(_ kind: SeededDrawing, _ shortest: Int32) throws {
        let limits: [(speed: Double, acceleration: Double, deviation: Double)] = [
            (50.2, 762, 0.0508), (50, 200, 0.127), (50, 2000, 0.0508), (20, 100, 0.0508),
        ]
        let size = kind == .contours ? 12 : [.scan, .hilbert, .spiral].contains(kind) ? 1500 : 60
        let lines = try kind.flat(size: size, seed: 18).polylines
        for (speed, acceleration, deviation) in limits {
            var planner = StepPlanner(
                steps: StepLimits(
                    stepsPerMillimetre: 80, highestRate: 0.9998, shortestTicks: shortest, longestTicks: 40_000,
                    highestRateStep: 0.152))
            let motion = MotionLimits(
                speed: speed, acceleration: acceleration, junctionDeviation: deviation, tolerance: 0.014)
            // mm/s; whole steps at both ends of the shortest moves may come to as much.
            let most = max(
                (8 * acceleration * deviation).squareRoot(), 2 / Double(shortest) * 25_000 / 80)
            var (count, worst, all) = (0, 0.0, 0)
            for k in 0..<lines.count {
                var moves: [StepMove] = []
                planner.append(path: [place(planner), lines[k][lines[k].startIndex]], limits: motion, to: &moves)
                moves.removeAll()
                planner.append(path: lines[k], limits: motion, to: &moves)
                for (move, next) in zip(moves, moves.dropFirst()) {
                    let jump = velocity(next, atEnd: false) - velocity(move, atEnd: true)
                    let size = (jump * jump).sum().squareRoot()
                    worst = max(worst, size)
                    // A tenth for whole steps and ticks.
                    if size > most * 1.101 { count += 1 }
                    all += 1
                }
            }
            // Noise and the smallest dots keep some that slowing down does not mend.
            let share = kind == .scan ? 0.03 : kind == .stipple ? 0.01 : 0.001
            #expect(
                Double(count) <= share * Double(all),
                "\(count) of \(all), \(acceleration) mm/s², \(deviation) mm: \(worst) mm/s where \(most) are allowed")
        }
    }

    private func place(_ planner: StepPlanner) -> Point {
        let (a, b) = (Double(planner.position.motor1), Double(planner.position.motor2))
        return Point((a + b) / 160, (a - b) / 160)
    }

    /// At 80 steps a mm, mm/s.
    private func velocity(_ move: StepMove, atEnd: Bool) -> SIMD2<Double> {
        let ticks = Double(move.ticks)
        let half = SIMD2(move.acceleration1, move.acceleration2) * (atEnd ? ticks / 2 : -ticks / 2)
        let rates = (SIMD2(Double(move.steps1), Double(move.steps2)) / ticks + half) * 25_000 / 160
        return SIMD2(rates.x + rates.y, rates.x - rates.y)
    }

    @Test func aPathOfOnePlaceHasNoMoves() {
        var planner = StepPlanner(
            steps: StepLimits(
                stepsPerMillimetre: 80, highestRate: 1, shortestTicks: 114, longestTicks: 40_000, highestRateStep: 0.16)
        )
        let limits = MotionLimits(speed: 50, acceleration: 200, junctionDeviation: 0.1, tolerance: 0.01)
        for path in [[], [Point(3, 3)], Array(repeating: Point(3, 3), count: 5), [Point(3, 3), Point(3, 3 + 1e-9)]] {
            var moves: [StepMove] = []
            planner.append(path: path[...], limits: limits, to: &moves)
            #expect(moves == [])
        }
    }
}
