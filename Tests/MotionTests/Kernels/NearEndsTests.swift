internal import TestSupport
internal import Testing

@testable internal import Motion

/// Which ends come near others before any is joined, and that leaving out the rest changes nothing.
struct NearEndsTests {
    /// Strokes from alone to crowded: short and long, dots, closed ones, on a lattice, some at known ends.
    private func crowd(_ random: inout SeededGenerator, _ distance: Double) -> Polylines {
        let width: Double = distance * [1.0, 6, 30, 200][random.below(4)]
        let height: Double = [0, width, width * 20][random.below(3)]
        var lines = Polylines()
        for _ in 0..<1 + random.below(150) {
            var start = Point(random.between(-width, width), random.between(-height, height))
            if !lines.points.isEmpty, random.below(4) == 0 { start = lines.points[random.below(lines.points.count)] }
            let reach = distance * [0.01, 0.6, 3, 40][random.below(4)]
            let end = start + Point(random.between(-reach, reach), height > 0 ? random.between(-reach, reach) : 0)
            switch random.below(8) {
            case 0: lines.append([start])
            case 1: lines.append([start, end, Point(start.x, end.y), start])
            default: lines.append([start, end])
            }
        }
        return lines
    }

    private func pieces(_ lines: Polylines, distance: Double) -> JoinPieces {
        JoinPieces((0..<lines.count).map { Int32($0) }, of: lines, distance: distance)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func noEndWithAnotherInReachIsLeftOut(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let distance: Double = [0.15, 3, 40][random.below(3)]
        let pieces = pieces(crowd(&random, distance), distance: distance)
        let near = NearEnds(pieces.ends, isDot: pieces.isDot, within: distance)
        for scale in [0, distance / 64, distance / 4, distance] {
            let marked = near.marked(within: scale)
            for (end, place) in pieces.ends.enumerated() {
                let hasNear = pieces.ends.indices.contains {
                    $0 != end && !($0 ^ 1 == end && pieces.isDot[end / 2])
                        && pieces.ends[$0].distance(to: place) <= max(scale, 2 * JoinNodes.rounding)
                }
                if hasNear { #expect(near.isNear(Int32(end), within: scale), "seed \(seed), end \(end)") }
                #expect(marked[end] == near.isNear(Int32(end), within: scale), "seed \(seed), end \(end)")
            }
        }
    }

    @Test func endsFarFromAllOthersAreTold() {
        var lines = Polylines()
        for k in 0..<400 {
            lines.append([Point(Double(k % 20), Double(k / 20)), Point(Double(k % 20) + 0.4, Double(k / 20))])
        }
        lines.append([Point(3.01, 3), Point(3.2, 3.3)])
        let pieces = pieces(lines, distance: 0.1)
        let near = NearEnds(pieces.ends, isDot: pieces.isDot, within: 0.1)
        #expect(near.marked(within: 0.1).enumerated().filter { $0.element }.map { $0.offset } == [126, 800])
    }

    /// Trails are those of rounds that look at every end.
    @Test(arguments: 1...120 as ClosedRange<UInt64>)
    func roundsThatLeaveOutWhatIsAloneFindTheSame(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let distance: Double = [0.15, 3, 40][random.below(3)]
        let lines = crowd(&random, distance)
        let pieces = pieces(lines, distance: distance)
        var whole = Trails()
        for k in 0..<lines.count {
            whole.items.append(Int32(k << 1))
            whole.starts.append(k + 1)
            whole.isClosed.append(false)
        }
        let near = NearEnds(pieces.ends, isDot: pieces.isDot, within: distance)
        let some = JoinRounds(whole, of: pieces, near: near).linked(distance: distance)
        #expect(some == JoinRounds(whole, of: pieces, near: NearEnds()).linked(distance: distance), "seed \(seed)")
    }

    @Test(arguments: [0, 1, 5, 4095, 4096, 30_000])
    func keysAreSortedByTheirUpperHalvesAndElseStay(count: Int) {
        var random = SeededGenerator(seed: UInt64(count) + 1)
        let most = [1, 40, 1 << 32][random.below(3)]
        let keys = (0..<count).map { _ in UInt64(random.below(most)) << 32 | UInt64(random.below(100)) }
        var sorted = keys
        sorted.sortByUpperHalf()
        let plain = keys.enumerated().sorted { ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset) }
        #expect(sorted == plain.map { $0.element }, "seed \(count + 1)")
    }
}
