internal import TestSupport
internal import Testing

@testable internal import Motion

/// Joined strokes against Euler's bound, counted the plain way.
struct JoinTests {
    /// Strokes between places of a lattice of 1 mm, each end up to `jitter` off in x and y, and the lattice place of
    /// every end.
    private struct Graph {
        var lines = Polylines()
        var ends: [(from: Int, to: Int)] = []
        var dots = 0

        init() {}

        init(strokes: Int, side: Int, jitter: Double, _ random: inout SeededGenerator) {
            func place(_ node: Int) -> Point {
                Point(
                    Double(node % side) + random.between(-jitter, jitter),
                    Double(node / side) + random.between(-jitter, jitter))
            }
            for _ in 0..<strokes {
                let from = random.below(side * side)
                let first = place(from)
                if random.below(12) == 0 {
                    lines.append([first])
                    dots += 1
                    continue
                }
                // Now and then closed, exactly: the same place, to the bit.
                let isClosed = random.below(8) == 0
                let to = isClosed ? from : random.below(side * side)
                let inner = (0..<1 + random.below(3)).map { _ in
                    Point(random.between(0, Double(side)), random.between(0, Double(side)))
                }
                lines.append([first] + inner + [isClosed ? first : place(to)])
                ends.append((from, to))
            }
        }

        /// For each connected component max(1, odd nodes / 2); a dot is drawn by itself.
        var eulerBound: Int {
            var label: [Int: Int] = [:]
            var degree: [Int: Int] = [:]
            for (from, to) in ends {
                label[from] = from
                label[to] = to
                degree[from, default: 0] += 1
                degree[to, default: 0] += 1
            }
            var changed = true
            while changed {
                changed = false
                for (from, to) in ends {
                    let least = min(label[from] ?? from, label[to] ?? to)
                    if label[from] != least || label[to] != least {
                        label[from] = least
                        label[to] = least
                        changed = true
                    }
                }
            }
            var odd: [Int: Int] = [:]
            for (node, component) in label { odd[component, default: 0] += (degree[node] ?? 0) % 2 }
            return odd.values.reduce(dots) { $0 + max(1, $1 / 2) }
        }
    }

    private func check(_ graph: Graph, distance: Double, seed: UInt64) {
        let members = (0..<graph.lines.count).map { Int32($0) }
        let trails = joined(members, of: graph.lines, distance: distance)
        #expect(trails.count == graph.eulerBound, "seed \(seed)")
        #expect(trails.items.map { $0 >> 1 }.sorted() == members, "seed \(seed): every stroke once")
        var links = 0
        for k in 0..<trails.count {
            let items = trails.items[trails.starts[k]..<trails.starts[k + 1]]
            for (item, next) in zip(items, items.dropFirst()) {
                let gap = end(item ^ 1, graph.lines).distance(to: end(next, graph.lines))
                #expect(gap <= distance, "seed \(seed): a link of \(gap) mm")
                if gap > 2 * JoinNodes.rounding { links += 1 }
            }
        }
        #expect(links <= trails.links, "seed \(seed)")
    }

    /// Where the pen comes down at an item.
    private func end(_ item: Int32, _ lines: Polylines) -> Point {
        let range = lines.range(Int(item >> 1))
        return lines.points[item & 1 == 0 ? range.lowerBound : range.upperBound - 1]
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func liftsAsOftenAsEulerSaysWhereEndsMeetExactly(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let side = 2 + random.below(20)
        let graph = Graph(strokes: 1 + random.below(400), side: side, jitter: 0, &random)
        check(graph, distance: [1e-6, 0.15, 0.99][random.below(3)], seed: seed)
    }

    /// Ends of one place up to 0.14 mm apart, of different places at least 0.9: with few ends a place, always one node.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func liftsAsOftenAsEulerSaysWhereEndsNearlyMeet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let side = 4 + random.below(20)
        let graph = Graph(strokes: 1 + random.below(side * side * 2), side: side, jitter: 0.05, &random)
        check(graph, distance: 0.15, seed: seed)
    }

    /// However ends lie to each other, nothing is lost and no link is too long.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func linksAreNeverTooLong(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lines = RandomLines.strokes(1 + random.below(300), &random)
        let members = (0..<lines.count).map { Int32($0) }
        let distance = [0, 0.1, 2, 100][random.below(4)]
        let trails = joined(members, of: lines, distance: distance)
        #expect(trails.items.map { $0 >> 1 }.sorted() == members, "seed \(seed)")
        for k in 0..<trails.count {
            let items = trails.items[trails.starts[k]..<trails.starts[k + 1]]
            for (item, next) in zip(items, items.dropFirst()) {
                #expect(end(item ^ 1, lines).distance(to: end(next, lines)) <= distance, "seed \(seed)")
            }
        }
    }

    @Test func aStarOfManyStrokesIsJoinedInPairs() {
        var lines = Polylines()
        for k in 0..<2001 { lines.append([Point(0, 0), Point(Double(k), 100)]) }
        let trails = joined((0..<2001).map { Int32($0) }, of: lines, distance: 0.15)
        #expect(trails.count == 1001)
    }

    /// The tree of a history: as many trails as the bound says, through the whole of planning.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func aTreeIsDrawnInTheFewestStrokes(seed: UInt64) throws {
        let drawing = try SeededDrawing.tree.flat(size: 300, seed: seed)
        var options = PlotOptions()
        options.joinDistance = 1e-6
        options.keepsDuplicates = true
        let planned = try drawing.planned(
            options: options, profile: MachineProfile.builtIn[0], execution: .serial)
        var nodes: [Point: Int] = [:]
        var graph = Graph()
        for k in 0..<drawing.polylines.count {
            let line = Array(drawing.polylines[k])
            if line.allSatisfy({ $0 == line[0] }) {
                graph.dots += 1
                continue
            }
            for point in [line[0], line[line.count - 1]] where nodes[point] == nil { nodes[point] = nodes.count }
            graph.ends.append((nodes[line[0]] ?? 0, nodes[line[line.count - 1]] ?? 0))
        }
        #expect(planned.polylines.count == graph.eulerBound, "seed \(seed)")
    }
}
