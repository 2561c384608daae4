/// A balanced k-d tree over points of the plane: k nearest in any distribution, also with many points in one place.
///
/// Points are halved at the median of their wider side down to leaves of `leafSize`; the tree is implicit in the order
/// of the points. Coordinates are `Float`: neighbours only suggest moves, lengths are summed elsewhere.
struct PointTree: Sendable {
    static let leafSize = 16

    /// Places in tree order.
    private(set) var places: [SIMD2<Float>]
    /// What the caller calls each place, in tree order.
    private(set) var names: [Int32]
    private var splits: [Split] = []
    private let depth: Int

    /// Where the lower half of a node ends and the upper begins, and along which axis.
    private struct Split: Sendable {
        var value: Float = 0
        var axis: Int32 = 0
    }

    /// - Complexity: O(n log n).
    init(places: [SIMD2<Float>], names: [Int32]) {
        precondition(places.count == names.count, "every place has a name")
        self.places = places
        self.names = names
        var depth = 0
        while (places.count >> depth) > Self.leafSize { depth += 1 }
        self.depth = depth
        splits = [Split](repeating: Split(), count: (1 << depth) - 1)
        build(node: 0, from: 0, to: places.count, level: 0)
    }

    private mutating func build(node: Int, from: Int, to: Int, level: Int) {
        if level == depth { return }
        var low = places[from]
        var high = low
        for k in from..<to {
            low = pointwiseMin(low, places[k])
            high = pointwiseMax(high, places[k])
        }
        let axis = high.x - low.x >= high.y - low.y ? 0 : 1
        let middle = (from + to) / 2
        select(middle, from: from, to: to, axis: axis)
        splits[node] = Split(value: places[middle][axis], axis: Int32(axis))
        build(node: 2 * node + 1, from: from, to: middle, level: level + 1)
        build(node: 2 * node + 2, from: middle, to: to, level: level + 1)
    }

    /// Puts the `nth` smallest along `axis` in its place, smaller ones before it (Hoare's selection).
    private mutating func select(_ nth: Int, from: Int, to: Int, axis: Int) {
        var (low, high) = (from, to - 1)
        var step = 0
        while low < high {
            // A pivot from a changing place: no order of the input makes this quadratic by accident.
            step = (step &* 0x2545_F491 &+ 0x9E37_79B9) & 0x7FFF_FFFF
            let pivot = median(
                places[low][axis], places[low + (step % (high - low + 1))][axis], places[(low + high) / 2][axis])
            var (i, j) = (low, high)
            while i <= j {
                while places[i][axis] < pivot { i += 1 }
                while places[j][axis] > pivot { j -= 1 }
                if i <= j {
                    places.swapAt(i, j)
                    names.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if nth <= j { high = j } else if nth >= i { low = i } else { return }
        }
    }

    private func median(_ a: Float, _ b: Float, _ c: Float) -> Float { max(min(a, b), min(max(a, b), c)) }

    /// Collects the nearest points of `place` into `found`, which says which names count and how many it holds.
    ///
    /// - Complexity: O(log n) expected, for any distribution.
    func search(near place: SIMD2<Float>, into found: inout NearestList) {
        visit(node: 0, from: 0, to: places.count, level: 0, place: place, offset: .zero, into: &found)
    }

    private func visit(
        node: Int, from: Int, to: Int, level: Int, place: SIMD2<Float>, offset: SIMD2<Float>,
        into found: inout NearestList
    ) {
        if level == depth {
            for k in from..<to {
                let d = places[k] - place
                let squared = (d * d).sum()
                if squared < found.worst { found.insert(names[k], squared) }
            }
            return
        }
        let split = splits[node]
        let axis = Int(split.axis)
        let middle = (from + to) / 2
        let side = place[axis] - split.value
        var beyond = offset
        beyond[axis] = side
        if side < 0 {
            visit(
                node: 2 * node + 1, from: from, to: middle, level: level + 1, place: place, offset: offset, into: &found
            )
            guard (beyond * beyond).sum() < found.worst else { return }
            visit(
                node: 2 * node + 2, from: middle, to: to, level: level + 1, place: place, offset: beyond, into: &found)
        } else {
            visit(
                node: 2 * node + 2, from: middle, to: to, level: level + 1, place: place, offset: offset, into: &found)
            guard (beyond * beyond).sum() < found.worst else { return }
            visit(
                node: 2 * node + 1, from: from, to: middle, level: level + 1, place: place, offset: beyond, into: &found
            )
        }
    }
}

/// The few nearest ends found so far, one for each owner at most, nearest first.
struct NearestList {
    /// As many as a list may hold.
    static let most = 16

    /// Ends, nearest first; valid up to `count`.
    private(set) var ends = InlineArray<16, Int32>(repeating: -1)
    /// Squared distances of `ends`.
    private(set) var squares = InlineArray<16, Float>(repeating: .infinity)
    private let capacity: Int
    private(set) var count = 0
    /// What is not nearer is of no use any more.
    private(set) var worst = Float.infinity
    /// Owner whose ends do not count: that of the place searched from.
    private var excluded: Int32 = -1

    init(capacity: Int) {
        precondition(capacity > 0 && capacity <= Self.most, "1…16 ends")
        self.capacity = capacity
    }

    mutating func reset(excluding owner: Int32) {
        count = 0
        worst = .infinity
        excluded = owner
    }

    /// Takes an end whose owner is `end >> 1`.
    mutating func insert(_ end: Int32, _ squared: Float) {
        let owner = end >> 1
        if owner == excluded { return }
        var place = 0
        while place < count {
            if ends[place] >> 1 == owner {
                if squares[place] <= squared { return }
                break
            }
            place += 1
        }
        if place == count {
            if count < capacity { count += 1 } else { place -= 1 }
        }
        while place > 0 && squares[place - 1] > squared {
            ends[place] = ends[place - 1]
            squares[place] = squares[place - 1]
            place -= 1
        }
        ends[place] = end
        squares[place] = squared
        if count == capacity { worst = squares[count - 1] }
    }
}
