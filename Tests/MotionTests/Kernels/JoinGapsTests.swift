internal import TestSupport
internal import Testing

@testable internal import Motion

/// Ends that were left open within the joining distance: linked, with never a lift more than before.
struct JoinGapsTests {
    /// As dense as a hundred times as many strokes would lie at a tenth of the distance.
    @Test(arguments: [SeededDrawing.hatch, .stipple, .text, .flow], 1...3 as ClosedRange<UInt64>)
    func drawingsLiftNoMoreOftenThanAPlainWalk(_ kind: SeededDrawing, seed: UInt64) throws {
        let lines = try kind.flat(size: kind == .flow ? 100 : 1000, seed: seed).polylines
        let members = (0..<lines.count).map { Int32($0) }
        for distance in [0.5, 1.27, 1.5, 5] {
            let count = joined(members, of: lines, distance: distance).count
            let plain = plainTrails(lines, distance: distance)
            // Pieces that are joined first may cost a lucky link.
            #expect(count <= plain + plain / 500, "\(kind), seed \(seed), \(distance) mm")
        }
    }

    /// Strokes of all lengths and small rings at random in a square.
    private func crowd(_ random: inout SeededGenerator, atMost most: Int) -> Polylines {
        let count = 1 + random.below(most)
        let width = 0.15 * Double(count).squareRoot() * random.between(0.3, 3)
        let length = [0.1, 1, 10][random.below(3)]
        var lines = Polylines()
        for _ in 0..<count {
            let place = Point(random.between(0, width), random.between(0, width))
            if random.below(4) == 0 {
                lines.append([place, place + Point(0.1, 0.1), place + Point(0, 0.2), place])
            } else {
                lines.append([place, place + Point(random.between(-length, length), random.between(-length, length))])
            }
        }
        return lines
    }

    /// Hardly ever more often, as the better of both is taken for what was joined so far; of many crowds a walk lifts more
    /// often by far.
    @Test func crowdsLiftLessOftenThanAPlainWalk() {
        var (all, allPlain) = (0, 0)
        for seed in 1...150 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            let lines = crowd(&random, atMost: 120)
            let count = joined((0..<lines.count).map { Int32($0) }, of: lines, distance: 0.15).count
            let plain = plainTrails(lines, distance: 0.15)
            #expect(count <= plain + 1, "seed \(seed)")
            all += count
            allPlain += plain
        }
        #expect(all * 100 < allPlain * 97)
    }

    /// Trails by following the pairs from every stroke, both ways.
    private func trails(_ mate: [Int32], _ isDot: [Bool]) -> Int {
        var isDone = [Bool](repeating: false, count: isDot.count)
        var count = 0
        for stroke in isDot.indices where !isDone[stroke] {
            count += 1
            for exit in [2 * stroke, 2 * stroke + 1] {
                var next = mate[exit]
                isDone[stroke] = true
                while next >= 0 && !isDone[Int(next) / 2] {
                    isDone[Int(next) / 2] = true
                    next = mate[Int(next) ^ 1]
                }
            }
        }
        return count
    }

    /// From any pairing within the distance, rings among its trails: no trail more, no link too long, dots alone.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func noPairingIsMadeWorse(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lines = crowd(&random, atMost: 60)
        let isDot = (0..<lines.count).map { _ in random.below(10) == 0 }
        let ends = (0..<lines.count).flatMap { k in
            let line = Array(lines[k])
            return [line[0], line[line.count - 1]]
        }
        var mate = [Int32](repeating: -1, count: ends.count)
        for a in ends.indices where mate[a] < 0 && !isDot[a / 2] && random.below(3) > 0 {
            let near = ends.indices.filter {
                $0 != a && mate[$0] < 0 && !isDot[$0 / 2] && ends[$0].distance(to: ends[a]) <= 0.15
            }
            if near.isEmpty { continue }
            let b = near[random.below(near.count)]
            (mate[a], mate[b]) = (Int32(b), Int32(a))
        }
        let nodes = JoinNodes(ends: ends, distance: 0.15)
        let pieces = JoinPieces(ends: ends, isDot: isDot)
        var gaps = JoinGaps(pieces: pieces, nodes: nodes, mate: mate, distance: 0.15)
        gaps.close()
        var again = JoinGaps(pieces: pieces, nodes: nodes, mate: mate, distance: 0.15)
        again.close()
        #expect(gaps.mate == again.mate, "seed \(seed)")
        #expect(trails(gaps.mate, isDot) <= trails(mate, isDot), "seed \(seed)")
        for (a, b) in gaps.mate.enumerated() where b >= 0 {
            #expect(gaps.mate[Int(b)] == a && Int(b) != a, "seed \(seed)")
            #expect(ends[a].distance(to: ends[Int(b)]) <= 0.15, "seed \(seed)")
            #expect(!isDot[a / 2], "seed \(seed)")
        }
    }

    /// The pen draws the strokes and links of at most the distance, and nothing else.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func inkIsThatOfTheStrokesAndOfShortLinks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lines = crowd(&random, atMost: 200)
        let joins = joined((0..<lines.count).map { Int32($0) }, of: lines, distance: 0.15)
        #expect(joins == joined((0..<lines.count).map { Int32($0) }, of: lines, distance: 0.15), "seed \(seed)")
        let own = (0..<lines.count).reduce(0.0) { $0 + Naive.length(lines[$1]) }
        var drawn = Polylines()
        for k in 0..<joins.count { drawn.append(joins.items[joins.starts[k]..<joins.starts[k + 1]], of: lines) }
        let ink = (0..<drawn.count).reduce(0.0) { $0 + Naive.length(drawn[$1]) }
        #expect(ink >= own - 1e-9 && ink <= own + 0.15 * Double(lines.count) + 1e-9, "seed \(seed)")
        #expect(joins.items.map { $0 >> 1 }.sorted() == (0..<lines.count).map { Int32($0) }, "seed \(seed)")
    }

    /// A chain of rings, each near the next only: none is a node with two others.
    @Test func aChainOfRingsIsOneTrail() {
        var lines = Polylines()
        for k in 0..<6 {
            let place = Point(Double(k) * 0.14, 0)
            lines.append([place, place + Point(0.05, 1), place + Point(-0.05, 1), place])
        }
        #expect(joined((0..<6).map { Int32($0) }, of: lines, distance: 0.15).count == 1)
    }
}
