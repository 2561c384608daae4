internal import TestSupport
internal import Testing

@testable internal import Motion

/// Noise is taken out of a line within the tolerance; what is no noise stays.
struct SmoothTests {
    private static func smoothed(_ source: [Point], reach: Double, longest: Double) -> [Point] {
        var places = source
        let lengths = zip(source, source.dropFirst()).map { $0.distance(to: $1) }
        var span = places.mutableSpan
        smooth(&span, source: source.span, lengths: lengths.span, reach: reach, longest: longest)
        return places
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func noVertexGoesFartherThanItMay(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let source = (0..<(2 + random.below(58))).map { _ in
            Point(random.between(0, 1), random.between(0, 1))
        }
        let reach = random.between(0.001, 0.5)
        let longest = random.between(0, 1)
        let places = Self.smoothed(source, reach: reach, longest: longest)
        #expect(places.first == source.first && places.last == source.last, "seed \(seed)")
        for i in source.indices {
            #expect(places[i].distance(to: source[i]) <= reach * (1 + 1e-9), "seed \(seed), vertex \(i)")
            let sides = [i - 1, i].filter { $0 >= 0 && $0 + 1 < source.count }
            if sides.contains(where: { source[$0].distance(to: source[$0 + 1]) > longest }) {
                #expect(places[i] == source[i], "seed \(seed): vertex \(i) lies beside a long side")
            }
        }
    }

    @Test func aParabolaStays() {
        let source = (0...40).map { Point(Double($0) * 0.1, Double($0 * $0) * 0.001) }
        let places = Self.smoothed(source, reach: 1, longest: 1)
        // From both ends one place a round is not known on both sides.
        for i in 10...30 { #expect(places[i].distance(to: source[i]) < 1e-12) }
    }

    /// A line of 0.05 mm steps with noise: less than two thirds of the time, every move within the tolerance.
    @Test(arguments: [Int32(114), 375], 1...3 as ClosedRange<UInt64>)
    func noiseDoesNotSlowAPathDown(shortest: Int32, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let line = (0..<2000).map { i in
            Point(Double(i) * 0.05 + random.between(-0.015, 0.015), random.between(-0.015, 0.015))
        }
        var times: [Int32] = []
        for tolerance in [0.0005, 0.02] {
            var planner = StepPlanner(
                steps: StepLimits(
                    stepsPerMillimetre: 80, highestRate: 0.9998, shortestTicks: shortest, longestTicks: 40_000,
                    highestRateStep: 0.16))
            let motion = MotionLimits(speed: 50, acceleration: 200, junctionDeviation: 0.127, tolerance: tolerance)
            var moves: [StepMove] = []
            planner.append(path: [Point(0, 0), line[0]], limits: motion, to: &moves)
            moves = []
            var place = planner.position
            planner.append(path: line[...], limits: motion, to: &moves)
            times.append(moves.reduce(0) { $0 + $1.ticks })
            for move in moves {
                for share in [0.25, 0.5, 0.75, 1] {
                    let bow = Double(move.ticks) * Double(move.ticks) / 2 * share * (1 - share)
                    let a = Double(place.motor1) + Double(move.steps1) * share - move.acceleration1 * bow
                    let b = Double(place.motor2) + Double(move.steps2) * share - move.acceleration2 * bow
                    let away = Naive.distance(Point((a + b) / 160, (a - b) / 160), line[...])
                    #expect(away <= tolerance + 0.5 / 80 + 1e-6, "seed \(seed): \(away) mm off")
                }
                place = (place.motor1 + move.steps1, place.motor2 + move.steps2)
            }
        }
        #expect(times[1] * 3 < times[0] * 2, "seed \(seed): \(times) ticks")
    }
}
