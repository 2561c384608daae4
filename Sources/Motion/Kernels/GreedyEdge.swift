/// A first tour: always the shortest link between ends of two different pieces, until one piece is left.
///
/// - Parameters: `places` two ends a stroke; `neighbours` candidate links.
/// - Returns: the entered end of each stroke in the order of a closed tour that begins with stroke `first`.
/// - Complexity: O(n log n); what the lists do not connect is connected by new lists between the ends of pieces.
func greedyTour(
    places: [SIMD2<Float>], neighbours: Neighbours, first: Int32, execution: PlanExecution
) -> [Int32] {
    var links = GreedyLinks(places: places)
    links.connect(neighbours)
    while links.pieces > 1 {
        let ends = links.openEnds()
        links.connectPieces(ends, execution: execution)
    }
    return links.tour(from: first)
}

private struct GreedyLinks {
    let places: [SIMD2<Float>]
    /// The end linked to each end; −1 while open.
    private var link: [Int32]
    /// The end at the other side of the piece; right for the ends of pieces only.
    private var far: [Int32]
    /// Pieces left.
    private(set) var pieces: Int

    init(places: [SIMD2<Float>]) {
        self.places = places
        link = [Int32](repeating: -1, count: places.count)
        far = (0..<places.count).map { Int32(truncatingIfNeeded: $0 ^ 1) }
        pieces = places.count / 2
    }

    /// Links along the lists, shortest first.
    mutating func connect(_ lists: Neighbours) {
        // Six of a list are enough for the first links; the rest connects pieces later.
        let breadth = min(lists.breadth, 6)
        var keys: [UInt64] = []
        keys.reserveCapacity(places.count * breadth / 2)
        for end in 0..<places.count where !(end & 1 == 1 && places[end] == places[end ^ 1]) {
            for j in 0..<breadth {
                let slot = end * lists.breadth + j
                let other = Int(lists.ends[slot])
                if other < 0 { break }
                // Of a pair that name each other only one is taken.
                if other < end && names(lists, other, end, breadth) { continue }
                let d = places[end] - places[other]
                keys.append(UInt64((d * d).sum().bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: slot)))
            }
        }
        radixSortByHighHalf(&keys)
        for key in keys {
            let slot = Int(UInt32(truncatingIfNeeded: key))
            tryLink(Int32(truncatingIfNeeded: slot / lists.breadth), lists.ends[slot])
            if pieces == 1 { return }
        }
    }

    private func names(_ lists: Neighbours, _ end: Int, _ other: Int, _ breadth: Int) -> Bool {
        for j in 0..<breadth where lists.ends[end * lists.breadth + j] == Int32(truncatingIfNeeded: other) {
            return true
        }
        return false
    }

    /// Links two ends when both are open and of different pieces; of a closed stroke whichever side is open.
    private mutating func tryLink(_ a: Int32, _ b: Int32) {
        guard let a = openSide(a), let b = openSide(b), far[Int(a)] != b else { return }
        link[Int(a)] = b
        link[Int(b)] = a
        let (farA, farB) = (far[Int(a)], far[Int(b)])
        far[Int(farA)] = farB
        far[Int(farB)] = farA
        pieces -= 1
    }

    private func openSide(_ end: Int32) -> Int32? {
        if link[Int(end)] < 0 { return end }
        let other = end ^ 1
        return link[Int(other)] < 0 && places[Int(end)] == places[Int(other)] ? other : nil
    }

    /// The two ends of every piece, as pairs.
    func openEnds() -> [Int32] {
        var ends: [Int32] = []
        for end in 0..<link.count where link[end] < 0 && Int32(truncatingIfNeeded: end) < far[end] {
            ends.append(Int32(truncatingIfNeeded: end))
            ends.append(far[end])
        }
        return ends
    }

    /// Links pieces by new lists between their ends; at least the two nearest pieces become one.
    mutating func connectPieces(_ ends: [Int32], execution: PlanExecution) {
        let lists = Neighbours(places: ends.map { places[Int($0)] }, breadth: 5, execution: execution)
        var keys: [UInt64] = []
        for end in 0..<ends.count {
            for j in 0..<lists.breadth {
                let slot = end * lists.breadth + j
                let other = lists.ends[slot]
                if other < 0 { break }
                let d = places[Int(ends[end])] - places[Int(ends[Int(other)])]
                keys.append(UInt64((d * d).sum().bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: slot)))
            }
        }
        radixSortByHighHalf(&keys)
        for key in keys {
            let slot = Int(UInt32(truncatingIfNeeded: key))
            tryLink(ends[slot / lists.breadth], ends[Int(lists.ends[slot])])
            if pieces == 1 { return }
        }
    }

    /// Follows the links round; the last two open ends count as linked.
    func tour(from first: Int32) -> [Int32] {
        var tour: [Int32] = []
        tour.reserveCapacity(link.count / 2)
        var entry = startOfPiece(first * 2)
        for _ in 0..<link.count / 2 {
            tour.append(entry)
            let next = link[Int(entry ^ 1)]
            if next < 0 { break }
            entry = next
        }
        guard let place = tour.firstIndex(where: { $0 >> 1 == first }), place > 0 else { return tour }
        return Array(tour[place...] + tour[..<place])
    }

    private func startOfPiece(_ entry: Int32) -> Int32 {
        var entry = entry
        while link[Int(entry)] >= 0 { entry = link[Int(entry)] ^ 1 }
        return entry
    }
}

/// Sorts by the upper 32 bits, stably, in three counting passes.
func radixSortByHighHalf(_ keys: inout [UInt64]) {
    var other = [UInt64](repeating: 0, count: keys.count)
    for shift in [32, 43, 54] as [UInt64] {
        let mask: UInt64 = shift == 54 ? 0x3FF : 0x7FF
        var starts = [Int](repeating: 0, count: 2049)
        for key in keys { starts[Int((key >> shift) & mask) + 1] += 1 }
        for k in 1..<2049 { starts[k] += starts[k - 1] }
        for key in keys {
            let digit = Int((key >> shift) & mask)
            other[starts[digit]] = key
            starts[digit] += 1
        }
        swap(&keys, &other)
    }
}
