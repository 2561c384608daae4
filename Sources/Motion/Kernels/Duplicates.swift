/// Which polylines repeat an earlier one, point by point, in either direction.
///
/// - Parameter members: the polylines to compare with each other.
/// - Returns: the members that remain, in the same order.
/// - Complexity: O(points); a hash chain longer than 64 counts as no duplicate, so that no input makes it quadratic.
package func withoutDuplicates(_ members: [Int32], in lines: Polylines) -> [Int32] {
    var capacity = 16
    while capacity < members.count * 2 { capacity *= 2 }
    var table = [Int32](repeating: -1, count: capacity)
    var kept: [Int32] = []
    kept.reserveCapacity(members.count)
    for member in members {
        let range = lines.range(Int(member))
        var slot = Int(truncatingIfNeeded: hash(lines.points, range)) & (capacity - 1)
        var probes = 0
        var isNew = true
        while table[slot] >= 0 && probes < 64 {
            if isSame(lines.points, lines.range(Int(table[slot])), range) {
                isNew = false
                break
            }
            slot = (slot + 1) & (capacity - 1)
            probes += 1
        }
        if !isNew { continue }
        if table[slot] < 0 { table[slot] = member }
        kept.append(member)
    }
    return kept
}

/// The same number for both directions of a polyline.
private func hash(_ points: [Point], _ range: Range<Int>) -> UInt64 {
    var forward: UInt64 = 0
    var backward: UInt64 = 0
    var factor: UInt64 = 1
    for k in range {
        let value = mixed(points[k])
        forward = forward &* 0x9E37_79B9_7F4A_7C15 &+ value
        backward = backward &+ value &* factor
        factor = factor &* 0x9E37_79B9_7F4A_7C15
    }
    let sum = forward &+ backward
    return sum ^ (sum >> 29)
}

private func mixed(_ p: Point) -> UInt64 {
    // Adding zero makes −0 and 0 one.
    var z = (p.x + 0).bitPattern &* 0xBF58_476D_1CE4_E5B9
    z ^= (p.y + 0).bitPattern &* 0x94D0_49BB_1331_11EB
    z = (z ^ (z >> 31)) &* 0xBF58_476D_1CE4_E5B9
    return z ^ (z >> 27)
}

private func isSame(_ points: [Point], _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    guard a.count == b.count else { return false }
    var forward = true
    var backward = true
    for k in 0..<a.count {
        let point = points[a.lowerBound + k]
        if forward && point != points[b.lowerBound + k] { forward = false }
        if backward && point != points[b.upperBound - 1 - k] { backward = false }
        if !forward && !backward { return false }
    }
    return true
}

/// Which polylines that are only filled repeat the outline of one that is stroked, wherever it begins and whichever way it
/// goes.
///
/// Points may differ by less than a motor step, for copies are often written with other roundings or through other
/// transforms. What is filled counts as closed.
///
/// - Parameters:
///   - isStroked: one a polyline; nil = it does not take part.
///   - parted: whole outlines of strokes that are drawn in parts, as dashes are.
///   - isPartedDrawn: one a polyline of `parted`: whether it takes part.
/// - Complexity: O(points); of more than 64 rings with one count of points and one place, the others are not looked at.
func fillsOfStrokes(
    _ lines: Polylines, isStroked: [Bool?], parted: Polylines = Polylines(), isPartedDrawn: [Bool] = []
) -> [Int32] {
    var stroked: [RingKey: [Int32]] = [:]
    for i in 0..<lines.count where isStroked[i] == true && lines.range(i).count > 2 {
        stroked[RingKey(lines, i).keys[0], default: []].append(Int32(truncatingIfNeeded: i))
    }
    var partedAt: [RingKey: [Int32]] = [:]
    for i in 0..<parted.count where isPartedDrawn[i] && parted.range(i).count > 2 {
        partedAt[RingKey(parted, i).keys[0], default: []].append(Int32(truncatingIfNeeded: i))
    }
    if stroked.isEmpty, partedAt.isEmpty { return [] }
    var repeated: [Int32] = []
    for i in 0..<lines.count where isStroked[i] == false && lines.range(i).count > 2 {
        let keys = RingKey(lines, i).keys
        func hasCopy(in others: Polylines, _ places: [RingKey: [Int32]]) -> Bool {
            keys.contains { key in
                places[key]?.prefix(64).contains { isSameRing(lines, ring(lines, i), others, ring(others, Int($0))) }
                    ?? false
            }
        }
        if hasCopy(in: lines, stroked) || hasCopy(in: parted, partedAt) {
            repeated.append(Int32(truncatingIfNeeded: i))
        }
    }
    return repeated
}

/// How far points of one shape written twice may lie apart, mm.
private let copySlack = 0.008

/// Count of points and a cell of the top left corner of their box.
private struct RingKey: Hashable {
    private static let cell = 0.1

    private var count: Int
    private var x: Double
    private var y: Double

    private init(count: Int, x: Double, y: Double) { (self.count, self.x, self.y) = (count, x, y) }

    init(_ lines: Polylines, _ i: Int) {
        let range = ring(lines, i)
        var corner = Point(.infinity, .infinity)
        for k in range { corner = Point(min(corner.x, lines.points[k].x), min(corner.y, lines.points[k].y)) }
        self.init(count: range.count, x: corner.x / Self.cell, y: corner.y / Self.cell)
    }

    /// The cell itself, and those beside it that come near.
    var keys: [RingKey] {
        let near = copySlack / Self.cell
        var keys: [RingKey] = []
        for across in [0, -near, near] {
            for down in [0, -near, near] {
                let key = RingKey(
                    count: count, x: (x + across).rounded(.down) + 0, y: (y + down).rounded(.down) + 0)
                if !keys.contains(key) { keys.append(key) }
            }
        }
        return keys
    }
}

/// The points of a polyline without the last where that repeats the first.
private func ring(_ lines: Polylines, _ i: Int) -> Range<Int> {
    let range = lines.range(i)
    let isClosed = isSame(lines.points[range.lowerBound], lines.points[range.upperBound - 1])
    return isClosed && range.count > 1 ? range.dropLast() : range
}

private func isSame(_ a: Point, _ b: Point) -> Bool {
    (a.x - b.x).magnitude <= copySlack && (a.y - b.y).magnitude <= copySlack
}

private func isSameRing(_ lines: Polylines, _ a: Range<Int>, _ others: Polylines, _ b: Range<Int>) -> Bool {
    guard a.count == b.count else { return false }
    let first = lines.points[a.lowerBound]
    var tries = 0
    for start in b where isSame(others.points[start], first) {
        tries += 1
        if tries > 8 { return false }
        for way in [1, a.count - 1] {
            var k = start - b.lowerBound
            let isEqual = a.allSatisfy { i in
                defer { k = (k + way) % a.count }
                return isSame(lines.points[i], others.points[b.lowerBound + k])
            }
            if isEqual { return true }
        }
    }
    return false
}
