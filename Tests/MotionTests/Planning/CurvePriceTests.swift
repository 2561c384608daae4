internal import TestSupport
internal import Testing

@testable internal import Motion

/// What ways of the pen cost where the acceleration vector is limited, beside the motion itself.
struct CurvePriceTests {
    private static let limits = CurveLimits(speed: 50, acceleration: 500, cornerTolerance: 0.05, tolerance: 0.012)

    private static func price() -> CurvePrice { CurvePrice(limits: limits, motorSpeed: 300) }

    /// Closed, `count` corners on a circle, every second of them nearer its middle where it is a star.
    private static func ring(_ count: Int, radius: Double, inner: Double = 1) -> [Point] {
        let ring = (0..<count).map { k in
            let angle = 2 * Double.pi * Double(k) / Double(count)
            return Point(cosine(angle), sine(angle)) * (radius * (k % 2 == 0 ? 1 : inner)) + Point(30, 30)
        }
        return ring + [ring[0]]
    }

    private static func ticks(_ path: [Point]) -> Double {
        var planner = CurvePlanner(
            steps: StepLimits(
                stepsPerMillimetre: 80, highestRate: 1, shortestTicks: 114, longestTicks: 1 << 20, highestRateStep: 1),
            longestTicks: 6250, splitsReversals: false)
        var moves: [CurveMove] = []
        planner.append(path: path[...], limits: limits, to: &moves)
        return moves.reduce(0) { $0 + Double($1.ticks) }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func aPathCostsWhatItsMotionTakes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var place = Point(50, 50)
        var path = [place]
        for _ in 0..<3 + random.below(20) {
            place = place + Point(random.unit() * 20 - 10, random.unit() * 20 - 10)
            path.append(place)
        }
        // There and back: it stops on the way.
        if seed % 3 == 0 { path += path.dropLast().reversed() }
        var price = Self.price()
        let (seconds, moved) = (price.seconds(along: path[...]), Self.ticks(path) / StepPlanner.ticksPerSecond)
        #expect(abs(seconds - moved) < 0.015 * moved, "seed \(seed): \(seconds) for \(moved)")
    }

    /// Rings of long and short sides, of corners and of chords of a curve.
    @Test(arguments: [
        (4, 10.0, 1.0), (3, 2, 1), (24, 5, 1), (120, 20, 1), (48, 1, 1), (10, 8, 0.4), (2, 6, 1), (60, 12, 0.9),
    ])
    func aStopOnARingCostsWhatItAddsToALap(count: Int, radius: Double, inner: Double) {
        let ring = Self.ring(count, radius: radius, inner: inner)
        var price = Self.price()
        var costs: [Float] = []
        price.stops(of: ring[...], into: &costs)
        #expect(costs.count == count)
        let lap = ring.dropLast()
        func seconds(_ first: Int, laps: Int) -> Double {
            let turned = Array(lap[first...] + lap[..<first])
            let path = (0..<laps).flatMap { _ in turned } + [turned[0]]
            return price.seconds(along: path[...])
        }
        for vertex in stride(from: 0, to: count, by: max(1, count / 6)) {
            let steady = seconds(vertex, laps: 5) - seconds(vertex, laps: 4)
            let stop = seconds(vertex, laps: 1) - steady
            #expect(
                abs(Double(costs[vertex]) - stop) < 0.02 * steady + 0.001, "\(vertex): \(costs[vertex]) for \(stop)")
        }
    }

    @Test func ringsWithoutLengthAndRepeatedPointsHaveACostEach() {
        var price = Self.price()
        var costs: [Float] = []
        price.stops(of: [Point(1, 1), Point(1, 1), Point(1, 1)], into: &costs)
        #expect(costs == [0, 0])
        let square = Self.ring(4, radius: 5)
        price.stops(of: ([square[0]] + square + [square[0]])[...], into: &costs)
        #expect(costs.count == 2 + 6 && costs[2] == costs[3] && costs.allSatisfy { $0 >= 0 })
    }
}
