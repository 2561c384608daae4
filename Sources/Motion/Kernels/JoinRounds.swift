/// Rounds of linking across gaps, from small to large ones, of trails that come nearer to others than each round goes.
///
/// A trail joins in with the first round that another end lies within the reach of; until then it is left aside, because
/// nothing could become of it. Of a million strokes the first rounds, of the smallest gaps, have nearly none to look at.
/// Closed trails are in all rounds: they may be turned or opened anywhere.
struct JoinRounds {
    /// Trails of strokes whose ends coincide.
    private let whole: Trails
    private let strokes: JoinPieces
    private let near: NearEnds

    init(_ whole: Trails, of strokes: JoinPieces, near: NearEnds) {
        (self.whole, self.strokes, self.near) = (whole, strokes, near)
    }

    /// Trails linked across gaps of at most `distance`.
    func linked(distance: Double) -> Trails {
        let scales = joinScales(strokes, whole, distance: distance)
        let (members, firsts) = byRound(scales)
        var (done, lowest) = (Trails(), [Int32]())
        for (round, scale) in scales.enumerated() {
            let (part, numbers) = merged(done, lowest, members[firsts[round]..<firsts[round + 1]])
            if part.count == 0 { continue }
            // What is linked so far is in the part now.
            (done, lowest) = (Trails(), [])
            let result = linked(part, distance: scale)
            done = result.all
            lowest = result.lowest.map { numbers[Int($0)] }
        }
        return merged(done, lowest, members[firsts[scales.count]...]).trails
    }

    /// Trails by the round that each joins in with, of one round in their sequence; the last ones in none.
    private func byRound(_ scales: [Double]) -> (members: [Int32], firsts: [Int]) {
        var rounds: [UInt8] = []
        rounds.reserveCapacity(whole.count)
        var firsts = [Int](repeating: 0, count: scales.count + 2)
        for k in 0..<whole.count {
            let (first, last) = whole.ends(k)
            var round = 0
            while round < scales.count, !whole.isClosed[k], !near.isNear(first, within: scales[round]),
                !near.isNear(last, within: scales[round])
            {
                round += 1
            }
            rounds.append(UInt8(truncatingIfNeeded: round))
            firsts[round + 1] += 1
        }
        for round in scales.indices { firsts[round + 1] += firsts[round] }
        firsts[scales.count + 1] = whole.count
        var next = firsts
        var members = [Int32](repeating: 0, count: whole.count)
        for (k, round) in rounds.enumerated() {
            members[next[Int(round)]] = Int32(truncatingIfNeeded: k)
            next[Int(round)] += 1
        }
        return (members, firsts)
    }

    /// What is linked so far and trails that join in, by their lowest trails.
    private func merged(
        _ done: Trails, _ lowest: [Int32], _ fresh: ArraySlice<Int32>
    ) -> (trails: Trails, numbers: [Int32]) {
        if fresh.isEmpty { return (done, lowest) }
        var (result, numbers) = (Trails(), [Int32]())
        result.reserve(trails: done.count + fresh.count, items: done.items.count + fresh.count)
        numbers.reserveCapacity(done.count + fresh.count)
        result.links = done.links + (done.count == 0 ? whole.links : 0)
        var k = 0
        for trail in fresh {
            while k < done.count, lowest[k] < trail {
                result.append(k, of: done)
                numbers.append(lowest[k])
                k += 1
            }
            result.append(Int(trail), of: whole)
            numbers.append(trail)
        }
        for k in k..<done.count {
            result.append(k, of: done)
            numbers.append(lowest[k])
        }
        return (result, numbers)
    }

    /// Trails linked across gaps of at most `distance`, and the lowest of those that each consists of.
    private func linked(_ part: Trails, distance: Double) -> (all: Trails, lowest: [Int32]) {
        let pieces = JoinPieces(part, of: strokes, distance: distance)
        var hasNear: [Bool] = []
        hasNear.reserveCapacity(2 * part.count)
        for k in 0..<part.count {
            let (first, last) = pieces.rotated.ends(k)
            // The ends of a ring are one place.
            let isClosed = pieces.rotated.isClosed[k]
            hasNear.append(isClosed || near.isNear(first, within: distance))
            hasNear.append(isClosed || near.isNear(last, within: distance))
        }
        var pairing = JoinPairing(pieces, distance: distance, hasNear: hasNear)
        pairing.pairAtNodes()
        pairing.spliceCycles()
        pairing.linkAcrossGaps()
        pairing.walkThroughSmallGroups()
        let (trails, lowest) = pairing.trails()
        var result = trails.expanded(pieces.rotated)
        result.links += part.links
        return (result, lowest)
    }
}

/// Distances at which gaps are closed, growing fourfold up to `distance`: the least of them no longer than the shortest
/// pieces, so that no piece lies between ends that are linked past it.
private func joinScales(_ pieces: JoinPieces, _ trails: Trails, distance: Double) -> [Double] {
    var shortest = Double.infinity
    for k in 0..<trails.count {
        let items = trails.items[trails.starts[k]..<trails.starts[k + 1]]
        if items.count == 1, let item = items.first, pieces.isDot[Int(item >> 1)] { continue }
        var length = 0.0
        for item in items where length < shortest { length += pieces.lengths[Int(item >> 1)] }
        shortest = min(shortest, length)
    }
    var scales = [distance]
    while let last = scales.last, last * 2 > shortest, last > JoinNodes.rounding { scales.append(last / 4) }
    return scales.reversed()
}

extension Trails {
    /// The ends that trail `k` begins and ends with, of those of its items.
    @inline(__always)
    fileprivate func ends(_ k: Int) -> (first: Int32, last: Int32) { (items[starts[k]], items[starts[k + 1] - 1] ^ 1) }

    fileprivate mutating func reserve(trails: Int, items count: Int) {
        items.reserveCapacity(count)
        starts.reserveCapacity(trails + 1)
        isClosed.reserveCapacity(trails)
    }

    /// Adds trail `k` of others.
    @inline(__always)
    fileprivate mutating func append(_ k: Int, of others: Self) {
        for i in others.starts[k]..<others.starts[k + 1] { items.append(others.items[i]) }
        starts.append(items.count)
        isClosed.append(others.isClosed[k])
    }

    /// Which end follows each end; −1 where none does.
    func mates(of pieces: JoinPieces) -> [Int32] {
        var mate = [Int32](repeating: -1, count: pieces.ends.count)
        for k in 0..<count {
            let own = items[starts[k]..<starts[k + 1]]
            for (item, next) in zip(own, own.dropFirst()) { (mate[Int(item ^ 1)], mate[Int(next)]) = (next, item ^ 1) }
            if isClosed[k], let first = own.first, let last = own.last, !pieces.isDot[Int(first >> 1)] {
                (mate[Int(last ^ 1)], mate[Int(first)]) = (first, last ^ 1)
            }
        }
        return mate
    }

    /// Trails of trails as trails of what those consist of.
    fileprivate func expanded(_ parts: Trails) -> Trails {
        var result = Trails()
        result.items.reserveCapacity(parts.items.count)
        result.starts.reserveCapacity(count + 1)
        for k in 0..<count {
            for item in items[starts[k]..<starts[k + 1]] {
                let part = Int(item >> 1)
                let range = parts.starts[part]..<parts.starts[part + 1]
                if item & 1 == 0 {
                    result.items += parts.items[range]
                } else {
                    for i in range.reversed() { result.items.append(parts.items[i] ^ 1) }
                }
            }
            result.starts.append(result.items.count)
            let own = items[starts[k]..<starts[k + 1]]
            result.isClosed.append(
                isClosed[k] || (own.count == 1 && own.first.map { parts.isClosed[Int($0 >> 1)] } == true))
        }
        result.links = links
        return result
    }
}
