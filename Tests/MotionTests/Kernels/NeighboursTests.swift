internal import TestSupport
internal import Testing

@testable internal import Motion

/// Nearest ends and duplicates against looking at everything.
struct NeighboursTests {
    private func places(_ random: inout SeededGenerator) -> [SIMD2<Float>] {
        let strokes = 1 + random.below(200)
        let isLattice = random.below(2) == 0
        func place() -> SIMD2<Float> {
            isLattice
                ? SIMD2(Float(random.below(6)), Float(random.below(6)))
                : SIMD2(Float(random.between(0, 100)), Float(random.bell()))
        }
        return (0..<strokes).flatMap { _ in
            let first = place()
            return [first, random.below(3) == 0 ? first : place()]
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func listsHoldTheNearestStrokes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let places = places(&random)
        let breadth = 1 + random.below(12)
        let lists = Neighbours(places: places, breadth: breadth, execution: .serial)
        for end in places.indices {
            let found = lists.ends[end * breadth..<(end + 1) * breadth].filter { $0 >= 0 }
            #expect(!found.contains { $0 >> 1 == Int32(end >> 1) }, "seed \(seed): its own stroke")
            #expect(Set(found.map { $0 >> 1 }).count == found.count, "seed \(seed): a stroke twice")
            // By stroke the nearer of its ends.
            let squares = (0..<places.count / 2).filter { $0 != end >> 1 }.map { stroke in
                min(square(places[2 * stroke], places[end]), square(places[2 * stroke + 1], places[end]))
            }.sorted()
            let listed = found.map { square(places[Int($0)], places[end]) }
            #expect(listed == Array(squares.prefix(breadth)), "seed \(seed), end \(end)")
        }
    }

    private func square(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float { ((a - b) * (a - b)).sum() }

    /// Enough for several pieces of work, done backwards and in order.
    @Test func listsAreTheSameInWhateverOrderTheWorkIsDone() {
        var random = SeededGenerator(seed: 8)
        let places = (0..<40_000).map { _ in SIMD2(Float(random.unit()), Float(random.unit())) }
        let backwards = PlanExecution(concurrently: { count, body in (0..<count).reversed().forEach(body) })
        let one = Neighbours(places: places, breadth: 4, execution: .serial)
        #expect(one.ends == Neighbours(places: places, breadth: 4, execution: backwards).ends)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func duplicatesAreFoundEitherWayRound(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var lines = RandomLines.strokes(5 + random.below(60), &random)
        for _ in 0..<40 {
            let line = Array(lines[random.below(lines.count)])
            switch random.below(3) {
            case 0: lines.append(line)
            case 1: lines.append(Array(line.reversed()))
            default: lines.append(line.map { Point($0.x + 1e-12, $0.y) })
            }
        }
        var naive: [Int32] = []
        for k in 0..<lines.count {
            let line = Array(lines[k])
            let isOld = naive.contains { Array(lines[Int($0)]) == line || lines[Int($0)].reversed() == line }
            if !isOld { naive.append(Int32(k)) }
        }
        let members = (0..<lines.count).map { Int32($0) }
        #expect(withoutDuplicates(members, in: lines) == naive, "seed \(seed)")
    }

    @Test func sortsByTheHighHalfAndStably() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            // Few different high halves, the order in the low ones.
            var keys: [UInt64] = []
            for k in 0..<UInt64(random.below(500)) { keys.append((random.next() >> 58) << 54 | k) }
            var sorted = keys
            radixSortByHighHalf(&sorted)
            let naive = keys.enumerated().sorted { ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset) }
            #expect(sorted == naive.map(\.element))
        }
    }
}
