internal import TestSupport
internal import Testing

@testable internal import Motion

/// Which ends are one node, against looking at every pair, and what crowds cost.
struct JoinGridTests {
    /// The rule of `JoinNodes`, looking at everything.
    private struct PlainNodes {
        var nodeOf: [Int] = []
        var nearPairs: [[Point]] = []

        init(_ ends: [Point], distance: Double) {
            var places: [Point] = []
            for end in ends where !places.contains(end) { places.append(end) }
            var node = Array(places.indices)
            func unite(_ a: Int, _ b: Int) {
                let (from, to) = (node[b], node[a])
                for k in node.indices where node[k] == from { node[k] = to }
            }
            var quarters: [[Int]: [Int]] = [:]
            for (k, place) in places.enumerated() {
                let scale = 2 / (distance * (1 + 1e-6))
                quarters[[Int((place.x * scale).rounded(.down)), Int((place.y * scale).rounded(.down))], default: []]
                    .append(k)
            }
            var hidden: Set<Int> = []
            for crowd in quarters.values where crowd.count >= JoinGrid.leastCrowd {
                for k in crowd.dropFirst() { unite(crowd[0], k) }
                hidden.formUnion(crowd.dropFirst(JoinGrid.mostShown))
            }
            let shown = places.indices.filter { !hidden.contains($0) }
            var pairs: Set<[Int]> = []
            for a in shown {
                let near = shown.filter { $0 != a && places[a].distance(to: places[$0]) <= distance }
                    .sorted { (places[a].distance(to: places[$0]), $0) < (places[a].distance(to: places[$1]), $1) }
                for b in near.prefix(JoinGrid.mostNear) { pairs.insert([min(a, b), max(a, b)]) }
            }
            func gap(_ pair: [Int]) -> Double { places[pair[0]].distance(to: places[pair[1]]) }
            var apart: [[Int]] = []
            for pair in pairs.sorted(by: { (gap($0), $0[0], $0[1]) < (gap($1), $1[0], $1[1]) }) {
                let (first, second) = (members(of: pair[0], node), members(of: pair[1], node))
                if first == second { continue }
                let fits = first.allSatisfy { a in second.allSatisfy { places[a].distance(to: places[$0]) <= distance }
                }
                if fits && first.count * second.count <= JoinNodes.mostComparisons {
                    unite(pair[0], pair[1])
                } else {
                    apart.append(pair)
                }
            }
            nodeOf = ends.map { end in places.firstIndex(of: end).map { node[$0] } ?? -1 }
            nearPairs = apart.filter { node[$0[0]] != node[$0[1]] }.map { [places[$0[0]], places[$0[1]]] }
        }

        private func members(of place: Int, _ node: [Int]) -> [Int] { node.indices.filter { node[$0] == node[place] } }
    }

    /// Numbers by first appearance.
    private func renumbered(_ nodes: some Sequence<Int>) -> [Int] {
        var numbers: [Int: Int] = [:]
        return nodes.map { node in
            if numbers[node] == nil { numbers[node] = numbers.count }
            return numbers[node] ?? -1
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func nodesAreThoseOfLookingAtEveryPair(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let distance: Double = [15.0, 100, 3][random.below(3)]
        // From alone to crowded, some exactly in one place, on both sides of zero.
        let width: Double = distance * [1.0, 4, 12, 60][random.below(4)]
        var ends: [Point] = []
        for _ in 0..<2 * (1 + random.below(60)) {
            if let known = ends.last, random.below(6) == 0 {
                ends.append(known)
            } else if random.below(4) == 0 {
                // On a lattice whose gaps are the distance, to the bit.
                ends.append(Point(Double(random.below(4)) * distance, Double(random.below(4)) * distance))
            } else {
                ends.append(Point(random.between(-width, width), random.between(-width, width)))
            }
        }
        let nodes = JoinNodes(ends: ends, distance: distance)
        let plain = PlainNodes(ends, distance: distance)
        #expect(nodes.nodeOf.map { Int($0) } == renumbered(plain.nodeOf), "seed \(seed)")
        #expect(nodes.count == Set(plain.nodeOf).count, "seed \(seed)")
        #expect(nodes.nearPairs.map { [ends[Int($0.0)], ends[Int($0.1)]] } == plain.nearPairs, "seed \(seed)")
        #expect(nodes.nearPairs.allSatisfy { nodes.nodeOf[Int($0.0)] != nodes.nodeOf[Int($0.1)] }, "seed \(seed)")
    }

    enum Crowd: String, CaseIterable, Sendable { case square, line, belowFloat, two, spread, lattice }

    private func place(_ crowd: Crowd, _ k: Int, of count: Int, _ random: inout SeededGenerator) -> Point {
        switch crowd {
        case .square: Point(50 + random.between(0, 0.1), 50 + random.between(0, 0.1))
        case .line: Point(50 + 0.15 * Double(k) / Double(count), 50)
        case .belowFloat: Point(50 + random.between(0, 1e-9), 50 + random.between(0, 1e-9))
        case .two: Point(k % 2 == 0 ? 50 + random.between(0, 0.1) : 150, 50 + random.between(0, 0.1))
        case .spread: Point(50 + random.between(0, 3), 50 + random.between(0, 3))
        case .lattice: Point(50 + Double(k % 1000) * 0.02, 50 + Double(k / 1000) * 0.02)
        }
    }

    /// What is looked at for each end is bounded by what is in nine cells, and that does not grow with the crowd.
    @Test(arguments: Crowd.allCases)
    func manyEndsInOneSpotAreNoMoreWorkThanElsewhere(_ crowd: Crowd) {
        for count in [1000, Self.isDebug ? 20_000 : 100_000] {
            var random = SeededGenerator(seed: 11)
            let places = (0..<count).map { place(crowd, $0, of: count, &random) }
            let grid = JoinGrid(places, distance: 0.15)
            // Four quarters of a cell, and now and then two cells of one number.
            #expect(grid.mostInCell <= 3 * 4 * (JoinGrid.leastCrowd - 1), "\(crowd), \(count)")
            #expect(grid.crowds.allSatisfy { $0.count >= JoinGrid.leastCrowd })
        }
    }

    /// Lines from one spot outwards, no two from the same place: nearly all are drawn in pairs.
    @Test(.timeLimit(.minutes(5)), arguments: Crowd.allCases)
    func aStarOfManyEndsIsJoined(_ crowd: Crowd) {
        let count = Self.isDebug ? 5000 : crowd == .spread || crowd == .lattice ? 20_000 : 100_000
        var random = SeededGenerator(seed: 12)
        var lines = Polylines()
        for k in 0..<count {
            lines.append([place(crowd, k, of: count, &random), Point(200 + Double(k % 300), Double(k / 300))])
        }
        let trails = joined((0..<count).map { Int32($0) }, of: lines, distance: 0.15)
        #expect(trails.items.map { $0 >> 1 }.sorted() == (0..<count).map { Int32($0) })
        #expect(trails.count >= count / 2 && trails.count <= count / 2 + count / 20, "\(crowd): \(trails.count)")
    }

    /// Dots in one place are no ends: they cost a join nothing.
    @Test func dotsInOnePlaceAreLeftAlone() {
        let dots = Self.isDebug ? 5000 : 50_000
        var lines = Polylines()
        for _ in 0..<dots { lines.append([Point(50, 50)]) }
        for k in 0..<400 { lines.append([Point(50 + Double(k) * 1e-4, 50.01), Point(100, Double(k))]) }
        let trails = joined((0..<dots + 400).map { Int32($0) }, of: lines, distance: 0.15)
        #expect(trails.count == dots + 200)
    }

    /// Smaller crowds without optimisation.
    private static var isDebug: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// Gaps of all lengths, of few lengths, and one length only: by buckets in place as by any sort.
    @Test(arguments: 1...9 as ClosedRange<UInt64>)
    func pairsAreSortedByGapAndPlaces(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (count, longest) = ([100, 5000, 20_000][random.below(3)], 0.15)
        var pairs = (0..<count).map { _ in
            let share = [random.unit(), Double(random.below(5)) / 4, 1, random.unit() * 1e-9][Int(seed) % 4]
            return JoinGrid.Pair(
                gap: share * longest, a: Int32(random.below(count)), b: Int32(random.below(count)))
        }
        let plain = pairs.sorted { ($0.gap, $0.a, $0.b) < ($1.gap, $1.a, $1.b) }
        JoinGrid.Pair.sort(&pairs, longest: longest)
        #expect(pairs == plain, "seed \(seed)")
    }

    /// Searches round a few places find the same in what is left of many, crowds among them.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func thinnedPlacesHaveAllThatIsNear(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let distance = 0.15
        func place(_ width: Double) -> Point { Point(random.unit() * width - 2, random.unit() * width - 2) }
        var places = (0..<2000).map { _ in place(20) }
        for _ in 0..<40 {
            let middle = place(20)
            places += (0..<20).map { _ in middle + Point(random.unit() * 0.01, random.unit() * 0.01) }
        }
        let few = (0..<100).map { $0 % 2 == 0 ? place(20) : places[random.below(places.count)] }
        let left = JoinGrid.thinned(places, to: few, distance: distance)
        let (all, some) = (JoinGrid(places, distance: distance), JoinGrid(left, distance: distance))
        var (near, other) = (NearPlaces(), NearPlaces())
        for place in few {
            all.find(&near, to: place)
            some.find(&other, to: place)
            #expect(near.count == other.count, "seed \(seed)")
            for k in 0..<near.count {
                #expect(places[Int(near.places[k])] == left[Int(other.places[k])], "seed \(seed)")
            }
        }
        #expect(left.count < places.count)
    }
}
