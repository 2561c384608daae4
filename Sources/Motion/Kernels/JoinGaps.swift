/// Ends that the nodes and the forest between them left open within the distance of another end.
///
/// First open ends of different trails are linked, nearest first. Then a link gives way where each of its ends lies
/// near an open end: two links for one. Last, a trail that closes on itself is opened where an open end lies near it.
/// Each of these saves a lift, none costs one.
struct JoinGaps {
    /// The end that follows each end; −1 while open.
    private(set) var mate: [Int32]
    private let pieces: JoinPieces
    /// Ends of nodes that have other nodes within the distance.
    private let isNear: [Bool]
    private let nearPairs: [(Int32, Int32)]
    private let distance: Double
    /// For each open end the one at the other side of its trail.
    private var far: [Int32]
    private var trails: TrailPlaces

    /// Times that what is left is looked at again.
    static let mostRounds = 8
    /// Open ends near an end of a link that exchanges are made of.
    static let mostNear = 4

    private var ends: [Point] { pieces.ends }
    private var isDot: [Bool] { pieces.isDot }

    init(pieces: JoinPieces, nodes: JoinNodes, mate: [Int32], distance: Double) {
        self.pieces = pieces
        nearPairs = nodes.nearPairs
        var isNearNode = [Bool](repeating: false, count: nodes.count)
        for (a, b) in nodes.nearPairs {
            isNearNode[Int(nodes.nodeOf[Int(a)])] = true
            isNearNode[Int(nodes.nodeOf[Int(b)])] = true
        }
        isNear = nodes.nodeOf.map { isNearNode[Int($0)] }
        self.mate = mate
        self.distance = distance
        far = [Int32](repeating: -1, count: pieces.ends.count)
        trails = TrailPlaces(strokes: pieces.isDot.count)
    }

    /// Only exchanges, of links anywhere.
    init(pieces: JoinPieces, mate: [Int32], distance: Double) {
        self.pieces = pieces
        nearPairs = []
        isNear = [Bool](repeating: true, count: mate.count)
        self.mate = mate
        self.distance = distance
        far = [Int32](repeating: -1, count: pieces.ends.count)
        trails = TrailPlaces(strokes: pieces.isDot.count)
    }

    /// - Complexity: O(n log n).
    mutating func close() {
        if nearPairs.isEmpty { return }
        trails.follow(mate, isDot, far: &far)
        let rings = openRings()
        linkOpenEnds()
        makeRoom()
        for (a, b) in rings where mate[Int(a)] < 0 && far[Int(a)] == b { pair(a, b) }
        if !rings.isEmpty { makeRoom() }
    }

    /// Opens each closed trail where it comes nearest to another trail, which costs no lift.
    private mutating func openRings() -> [(Int32, Int32)] {
        var opened: [(Int32, Int32)] = []
        for (a, b) in nearPairs where !isDot[Int(a >> 1)] && !isDot[Int(b >> 1)] && trails.number(a) != trails.number(b)
        {
            for end in [a, b] where trails.isClosed(end) && !trails.isTouched(end) {
                trails.touch(end)
                let other = mate[Int(end)]
                opened.append((end, other))
                mate[Int(end)] = -1
                mate[Int(other)] = -1
                (far[Int(end)], far[Int(other)]) = (other, end)
            }
        }
        return opened
    }

    private func openEnds() -> [Int32] {
        mate.indices.filter { mate[$0] < 0 && isNear[$0] && !isDot[$0 >> 1] }.map { Int32(truncatingIfNeeded: $0) }
    }

    // MARK: Two open ends

    /// Links open ends of different trails, nearest first.
    private mutating func linkOpenEnds() {
        var open = openEnds()
        for _ in 0..<Self.mostRounds where open.count > 1 {
            let grid = JoinGrid(open.map { ends[Int($0)] }, distance: distance)
            var hasLinked = false
            for crowd in grid.crowds where linkCrowd(crowd, of: open) { hasLinked = true }
            var hasNear = [Bool](repeating: false, count: open.count)
            for pair in grid.pairs() {
                hasNear[Int(pair.a)] = true
                hasNear[Int(pair.b)] = true
                if linkApart(open[Int(pair.a)], open[Int(pair.b)]) { hasLinked = true }
            }
            if !hasLinked { return }
            // Of each only the nearest few were found.
            open = open.indices.filter { hasNear[$0] && mate[Int(open[$0])] < 0 }.map { open[$0] }
        }
    }

    /// Open ends within the distance of each other, as they come: two at most stay open.
    private mutating func linkCrowd(_ crowd: [Int32], of open: [Int32]) -> Bool {
        var waiting: [Int32] = []
        var hasLinked = false
        for place in crowd {
            if let last = waiting.last, linkApart(last, open[Int(place)]) {
                waiting.removeLast()
                hasLinked = true
            } else {
                waiting.append(open[Int(place)])
            }
        }
        return hasLinked
    }

    /// Links two ends if both are open and of different trails.
    private mutating func linkApart(_ a: Int32, _ b: Int32) -> Bool {
        guard mate[Int(a)] < 0, mate[Int(b)] < 0, far[Int(a)] != b, pieces.mayLink(a, b) else { return false }
        pair(a, b)
        let (first, last) = (far[Int(a)], far[Int(b)])
        far[Int(first)] = last
        far[Int(last)] = first
        return true
    }

    private mutating func pair(_ a: Int32, _ b: Int32) {
        mate[Int(a)] = b
        mate[Int(b)] = a
    }

    // MARK: A link that gives way

    /// The link `b`–`c` gives way to `a`–`b` and `c`–`d`; without `d`, the end `c` is left open.
    private struct Exchange {
        var gap: Double
        var a, b, c, d: Int32
    }

    /// Exchanges, and links what they leave open.
    mutating func makeRoom() {
        trails.follow(mate, isDot, far: &far)
        if exchange() { linkOpenEnds() }
    }

    /// True if any link has given way.
    private mutating func exchange() -> Bool {
        var exchanges = exchanges()
        var hasChanged = false
        for _ in 0..<Self.mostRounds {
            var changed = false
            for exchange in exchanges where saves(exchange) {
                for end in [exchange.a, exchange.b, exchange.d] where end >= 0 { trails.touch(end) }
                pair(exchange.a, exchange.b)
                mate[Int(exchange.c)] = -1
                if exchange.d >= 0 { pair(exchange.c, exchange.d) }
                changed = true
            }
            if !changed { break }
            hasChanged = true
            trails.followTouched(mate, isDot, far: &far)
            // What has been linked, or has given way, is so for good.
            exchanges.removeAll { mate[Int($0.a)] >= 0 || mate[Int($0.b)] != $0.c }
        }
        return hasChanged
    }

    /// Links with open ends near both of their ends, and those of closed trails with one near, shortest first.
    private func exchanges() -> [Exchange] {
        let open = openEnds()
        if open.isEmpty { return [] }
        let grid = JoinGrid(open.map { ends[Int($0)] }, distance: distance)
        var result: [Exchange] = []
        var (near, other) = (NearPlaces(), NearPlaces())
        for b in mate.indices where mate[b] > b && (isNear[b] || isNear[Int(mate[b])]) {
            let c = Int(mate[b])
            let isClosed = trails.isClosed(Int32(truncatingIfNeeded: b))
            grid.find(&near, to: ends[b])
            if near.count == 0 && !isClosed { continue }
            grid.find(&other, to: ends[c])
            let (x, y) = (Int32(truncatingIfNeeded: b), Int32(truncatingIfNeeded: c))
            for i in 0..<min(Self.mostNear, near.count) {
                let a = open[Int(near.places[i])]
                if !pieces.mayLink(a, x) { continue }
                for j in 0..<min(Self.mostNear, other.count) where near.places[i] != other.places[j] {
                    let d = open[Int(other.places[j])]
                    if !pieces.mayLink(y, d) { continue }
                    result.append(Exchange(gap: near.gaps[i] + other.gaps[j], a: a, b: x, c: y, d: d))
                }
            }
            // One end is enough to open a closed trail, but two save more: these come last.
            guard isClosed else { continue }
            if near.count > 0 {
                let gap = near.gaps[0] + 2 * distance
                result.append(Exchange(gap: gap, a: open[Int(near.places[0])], b: x, c: y, d: -1))
            }
            if other.count > 0 {
                let gap = other.gaps[0] + 2 * distance
                result.append(Exchange(gap: gap, a: open[Int(other.places[0])], b: y, c: x, d: -1))
            }
        }
        result.sort { ($0.gap, $0.b, $0.a, $0.d) < ($1.gap, $1.b, $1.a, $1.d) }
        return result
    }

    /// Whether there is one trail less after an exchange; not of trails that changed since they were last followed.
    private func saves(_ exchange: Exchange) -> Bool {
        let (a, b, c, d) = (exchange.a, exchange.b, exchange.c, exchange.d)
        guard mate[Int(b)] == c, mate[Int(a)] < 0, !trails.isTouched(a), !trails.isTouched(b),
            pieces.mayLink(a, b), d < 0 || pieces.mayLink(c, d)
        else { return false }
        let isClosed = trails.isClosed(b)
        if d < 0 { return isClosed }
        guard mate[Int(d)] < 0, !trails.isTouched(d) else { return false }
        let (first, middle, last) = (trails.number(a), trails.number(b), trails.number(d))
        // A ring between both ends of one trail would leave a ring.
        if isClosed { return first != last }
        if first == middle && last == middle { return false }
        // An end of the trail itself must not be the one beyond the end that it is linked to.
        if first == middle { return trails.isBeyond(a, c, from: b) }
        if last == middle { return trails.isBeyond(d, b, from: c) }
        return true
    }
}

/// The trail of each stroke and its place on it.
private struct TrailPlaces {
    private var numbers: [Int32]
    private var places: [Int32]
    /// By trail.
    private var closed: [Bool] = []
    private var touched: [Bool] = []

    init(strokes: Int) {
        numbers = [Int32](repeating: -1, count: strokes)
        places = numbers
    }

    func number(_ end: Int32) -> Int32 { numbers[Int(end >> 1)] }
    func isClosed(_ end: Int32) -> Bool { closed[Int(number(end))] }
    func isTouched(_ end: Int32) -> Bool { touched[Int(number(end))] }
    mutating func touch(_ end: Int32) { touched[Int(number(end))] = true }

    /// Whether `end` of the trail lies on that side of the link from `b` to `c` which starts at `c`.
    func isBeyond(_ end: Int32, _ c: Int32, from b: Int32) -> Bool {
        (places[Int(end >> 1)] >= places[Int(c >> 1)]) == (places[Int(c >> 1)] > places[Int(b >> 1)])
            || end >> 1 == c >> 1
    }

    /// Follows all trails, and notes for each open end the one at the other side.
    mutating func follow(_ mate: [Int32], _ isDot: [Bool], far: inout [Int32]) {
        for k in numbers.indices { numbers[k] = -1 }
        closed.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        followUnnumbered(mate, isDot, far: &far)
    }

    /// Follows those trails anew that have been touched since; only they have changed.
    mutating func followTouched(_ mate: [Int32], _ isDot: [Bool], far: inout [Int32]) {
        for k in numbers.indices where numbers[k] >= 0 && touched[Int(numbers[k])] { numbers[k] = -1 }
        for k in touched.indices { touched[k] = false }
        followUnnumbered(mate, isDot, far: &far)
    }

    private mutating func followUnnumbered(_ mate: [Int32], _ isDot: [Bool], far: inout [Int32]) {
        // Open trails first: what is left is closed.
        for end in mate.indices where mate[end] < 0 && numbers[end >> 1] < 0 && !isDot[end >> 1] {
            let first = Int32(truncatingIfNeeded: end)
            let last = walk(from: first, mate)
            far[end] = last
            far[Int(last)] = first
            closed.append(false)
        }
        for stroke in numbers.indices where numbers[stroke] < 0 && !isDot[stroke] {
            _ = walk(from: Int32(truncatingIfNeeded: stroke * 2), mate)
            closed.append(true)
        }
        touched.append(contentsOf: repeatElement(false, count: closed.count - touched.count))
    }

    /// The open end at the other side, or the end before the first.
    private mutating func walk(from first: Int32, _ mate: [Int32]) -> Int32 {
        let number = Int32(truncatingIfNeeded: closed.count)
        var (entry, place) = (first, Int32(0))
        while true {
            numbers[Int(entry >> 1)] = number
            places[Int(entry >> 1)] = place
            let next = mate[Int(entry ^ 1)]
            if next < 0 || next == first { return entry ^ 1 }
            entry = next
            place += 1
        }
    }
}
