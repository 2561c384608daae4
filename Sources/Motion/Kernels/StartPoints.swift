/// Where closed strokes start, given the order: each at the vertex where the way to it, the stop there and the way on from
/// it cost least.
///
/// Sweeps over the sequence until a sweep gains under a thousandth; never dearer than with the starts given.
struct StartPoints {
    let lines: Polylines
    /// The stroke of `lines` that is number 0.
    let first: Int
    let isLoop: [Bool]
    /// s, one a vertex of each closed stroke: those of stroke k from `stopsAt[k]` on.
    let stops: [Float]
    let stopsAt: [Int32]
    let cost: PlanCost
    /// Whether stops are reckoned with; else only the way decides.
    var pricesStops = true

    /// By how much the dearest stop of a closed stroke exceeds its cheapest, s, on average.
    var meanSpread: Double {
        var (sum, loops) = (0.0, 0)
        for stroke in isLoop.indices where isLoop[stroke] {
            let own = stops[Int(stopsAt[stroke])...].prefix(lines.range(first + stroke).count - 1)
            sum += Double((own.max() ?? 0) - (own.min() ?? 0))
            loops += 1
        }
        return loops > 0 ? sum / Double(loops) : 0
    }

    /// Sweeps over a sequence.
    ///
    /// - Parameters: `sequence` strokes · 2 (+ 1 backwards); `starts` by stroke, the offset of the starting point; 0 for open
    ///   strokes; `from`, `to` where the pen comes from and goes to.
    /// - Complexity: O(points) a sweep, ten sweeps at most.
    func choose(_ starts: inout [Int32], sequence: [Int32], from: Point, to: Point) {
        for _ in 0..<10 {
            var saved = 0.0
            var total = 0.0
            var before = from
            for (place, item) in sequence.enumerated() {
                let after = place + 1 < sequence.count ? entry(sequence[place + 1], starts) : to
                let stroke = Int(item >> 1)
                if isLoop[stroke] {
                    let old = entry(item, starts)
                    let price = price(stroke, Int(starts[stroke]), before, after)
                    let (offset, least) = cheapest(stroke, before, after)
                    if least < price {
                        starts[stroke] = Int32(truncatingIfNeeded: offset)
                        saved += price - least
                    }
                    total += cost.hop(before.distance(to: old)) + cost.hop(old.distance(to: after))
                }
                before = entry(isLoop[stroke] ? item : item ^ 1, starts)
            }
            if saved <= total / 1000 { break }
        }
    }

    /// The vertex of a closed stroke at which a stop costs least.
    func cheapestStop(_ stroke: Int) -> Int32 {
        let range = Int(stopsAt[stroke])..<Int(stopsAt[stroke]) + lines.range(first + stroke).count - 1
        var best = range.lowerBound
        for k in range where stops[k] < stops[best] { best = k }
        return Int32(truncatingIfNeeded: best - range.lowerBound)
    }

    /// What beginning and ending a closed stroke at a vertex costs beside passing it, s.
    func stop(_ stroke: Int, _ offset: Int) -> Double {
        pricesStops ? Double(stops[Int(stopsAt[stroke]) + offset]) : 0
    }

    private func entry(_ item: Int32, _ starts: [Int32]) -> Point {
        let range = lines.range(first + Int(item >> 1))
        if isLoop[Int(item >> 1)] { return lines.points[range.lowerBound + Int(starts[Int(item >> 1)])] }
        return lines.points[item & 1 == 0 ? range.lowerBound : range.upperBound - 1]
    }

    @inline(__always)
    private func price(_ stroke: Int, _ offset: Int, _ before: Point, _ after: Point) -> Double {
        let point = lines.points[lines.range(first + stroke).lowerBound + offset]
        return cost.hop(point.distance(to: before)) + cost.hop(point.distance(to: after)) + stop(stroke, offset)
    }

    private func cheapest(_ stroke: Int, _ before: Point, _ after: Point) -> (offset: Int, price: Double) {
        var best = (offset: 0, price: Double.infinity)
        for offset in 0..<lines.range(first + stroke).count - 1 {
            let price = price(stroke, offset, before, after)
            if price < best.price { best = (offset, price) }
        }
        return best
    }
}
