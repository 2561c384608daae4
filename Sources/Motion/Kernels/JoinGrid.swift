/// Places in square cells a little wider than the joining distance: which lie within it of each other.
///
/// Where many crowd a quarter of a cell, all of them lie within the distance of each other: they are one crowd, and
/// only its first few are looked at any further. So no number of places in one spot makes the search quadratic.
struct JoinGrid {
    /// Places of a quarter from which on they are a crowd, and how many of a crowd count as near to others.
    static let leastCrowd = 12
    static let mostShown = 4
    /// Near places that are looked at for each place.
    static let mostNear = 8

    /// Two places within the distance; the first has the lower number.
    struct Pair: Equatable {
        var gap: Double
        var a: Int32
        var b: Int32
    }

    /// Crowds, each in order of its places.
    private(set) var crowds: [[Int32]] = []
    private let distance: Double
    /// Quarters of a cell in 1 mm.
    private let scale: Double
    /// Cells are numbered by a hash that keeps three neighbours in a row together; of two cells with one number the
    /// places are mixed.
    private let mask: Int
    private let rowStride: Int
    /// Places by cell: those of cell k are `sorted[firsts[k] ..< firsts[k + 1]]`.
    private var firsts: [Int32] = []
    private var sorted: [Int32] = []
    /// Where those are, in the same sequence: a search reads them in a row.
    private var points: [Point] = []

    /// - Complexity: O(n), O(n log n) where places crowd.
    init(_ places: [Point], distance: Double) {
        self.distance = distance
        scale = 2 / (distance * (1 + 1e-6))
        var size = 64
        while size < places.count * 2 { size *= 2 }
        mask = size - 1
        // The golden section spreads any number of rows: a simple fraction would lay every few of them on one another.
        rowStride = Int(Double(size) * 0.618_033_988_749_895) | 1
        var cells = places.map { Int32(truncatingIfNeeded: cell(quarter($0))) }
        sort(by: cells)
        for k in 0..<size where firsts[k + 1] - firsts[k] >= Int32(Self.leastCrowd) { findCrowds(in: k, of: places) }
        if !crowds.isEmpty {
            crowds.sort { $0[0] < $1[0] }
            for crowd in crowds {
                for place in crowd.dropFirst(Self.mostShown) { cells[Int(place)] = -1 }
            }
            sort(by: cells)
        }
        points.reserveCapacity(sorted.count)
        for place in sorted { points.append(places[Int(place)]) }
    }

    /// Places in the fullest cell: nine times as many are looked at for a place at most.
    var mostInCell: Int { (0...mask).reduce(0) { max($0, Int(firsts[$1 + 1] - firsts[$1])) } }

    /// Pairs of places within the distance, nearest first: for each place those with its nearest few.
    ///
    /// - Complexity: O(n · most in a cell) and sorting what is found.
    func pairs() -> [Pair] {
        var result: [Pair] = []
        // What is not used of it is never touched and costs no memory; while it grows all would be there twice.
        result.reserveCapacity(sorted.count * Self.mostNear)
        var near = NearPlaces()
        // Places that have been searched from and have found all that is near: their pairs are known.
        var isDone = [Bool](repeating: false, count: Int(sorted.max() ?? -1) + 1)
        for (point, a) in zip(points, sorted) {
            find(&near, to: point, except: a)
            for k in 0..<near.count where !isDone[Int(near.places[k])] {
                result.append(Pair(gap: near.gaps[k], a: min(a, near.places[k]), b: max(a, near.places[k])))
            }
            isDone[Int(a)] = near.count < Self.mostNear
        }
        Pair.sort(&result, longest: distance)
        // Some pairs were found from both sides. By index: a loop over the array itself would hold on to it, and writing copy it.
        var kept = 0
        for k in result.indices where kept == 0 || result[k] != result[kept - 1] {
            result[kept] = result[k]
            kept += 1
        }
        result.removeLast(result.count - kept)
        return result
    }

    /// The few places nearest to a point within the distance, nearest first.
    ///
    /// - Complexity: O(most in a cell).
    func find(_ near: inout NearPlaces, to point: Point, except own: Int32 = -1) {
        near.clear(within: distance)
        let middle = quarter(point)
        for step in 0..<3 {
            // Its own row first: where many are near, the others have little that is nearer.
            let first = cell((middle.x - 2, middle.y + (step == 0 ? 0 : 4 * step - 6)))
            // Three cells in a row are one run of places, but where the numbers begin anew.
            let last = min(first + 3, mask + 1)
            look(Int(firsts[first])..<Int(firsts[last]), point, own, &near)
            if first + 3 > last { look(0..<Int(firsts[first + 3 - last]), point, own, &near) }
        }
    }

    @inline(__always)
    private func look(_ run: Range<Int>, _ point: Point, _ own: Int32, _ near: inout NearPlaces) {
        for k in run {
            let off = points[k] - point
            let squared = off.x * off.x + off.y * off.y
            guard squared <= near.most, sorted[k] != own else { continue }
            let gap = squared.squareRoot()
            if gap <= distance { near.insert(sorted[k], gap) }
        }
    }

    /// Quarter of a cell that a place lies in: half a cell wide and high.
    private func quarter(_ place: Point) -> (x: Int, y: Int) {
        (Self.whole(place.x * scale), Self.whole(place.y * scale))
    }

    private static func whole(_ value: Double) -> Int {
        value > -1e15 ? Int(min(value, 1e15).rounded(.down)) : -1_000_000_000_000_000
    }

    private func cell(_ quarter: (x: Int, y: Int)) -> Int {
        ((quarter.y >> 1) &* rowStride &+ (quarter.x >> 1)) & mask
    }

    /// Sorts the places whose cell is not negative.
    private mutating func sort(by cells: [Int32]) {
        firsts = [Int32](repeating: 0, count: mask + 2)
        for cell in cells where cell >= 0 { firsts[Int(cell) + 1] += 1 }
        for k in 0...mask { firsts[k + 1] += firsts[k] }
        sorted = [Int32](repeating: 0, count: Int(firsts[mask + 1]))
        // The first of a cell counts up to that of the next while it is filled.
        for (place, cell) in cells.enumerated() where cell >= 0 {
            sorted[Int(firsts[Int(cell)])] = Int32(truncatingIfNeeded: place)
            firsts[Int(cell)] += 1
        }
        for k in (0...mask).reversed() { firsts[k + 1] = firsts[k] }
        firsts[0] = 0
    }

    /// Of many places those that lie near any of a few others, and some more, in the same sequence: searches round the few find
    /// the same in them, crowds included, because squares of whole quarters are kept.
    ///
    /// - Complexity: O(n).
    static func thinned(_ places: [Point], to few: [Point], distance: Double) -> [Point] {
        if few.count * 4 > places.count { return places }
        // Eight quarters wide, so that what is near a place lies in its square or beside it.
        let scale = 2 / (distance * (1 + 1e-6))
        var size = 1024
        while size < few.count * 64 { size *= 2 }
        func slot(_ x: Int, _ y: Int) -> Int {
            Int(truncatingIfNeeded: (UInt64(bitPattern: Int64(x &* 0x9E37_79B1 &+ y)) &* 0x9E37_79B9_7F4A_7C15) >> 33)
                & (size - 1)
        }
        var isWanted = [Bool](repeating: false, count: size)
        for place in few {
            let (x, y) = (whole(place.x * scale) >> 3, whole(place.y * scale) >> 3)
            for across in -1...1 {
                for down in -1...1 { isWanted[slot(x + across, y + down)] = true }
            }
        }
        return places.filter { isWanted[slot(whole($0.x * scale) >> 3, whole($0.y * scale) >> 3)] }
    }

    private mutating func findCrowds(in cell: Int, of places: [Point]) {
        let range = Int(firsts[cell])..<Int(firsts[cell + 1])
        // Most full cells have no full quarter.
        var counts = SIMD4<Int32>(repeating: 0)
        for k in range {
            let (x, y) = quarter(places[Int(sorted[k])])
            counts[(x & 1) + 2 * (y & 1)] += 1
        }
        if counts.max() < Int32(Self.leastCrowd) { return }
        var members = sorted[range].map { (quarter(places[Int($0)]), $0) }
        members.sort { ($0.0.x, $0.0.y, $0.1) < ($1.0.x, $1.0.y, $1.1) }
        var start = 0
        for end in 1...members.count where end == members.count || members[end].0 != members[start].0 {
            if end - start >= Self.leastCrowd { crowds.append(members[start..<end].map { $0.1 }) }
            start = end
        }
    }
}

/// The few nearest places found so far, nearest first, of equally near ones the lower number.
struct NearPlaces {
    private(set) var places = InlineArray<8, Int32>(repeating: 0)
    private(set) var gaps = InlineArray<8, Double>(repeating: 0)
    private(set) var count = 0
    /// Square of the distance beyond which none counts, a rounding added, mm².
    fileprivate private(set) var most = 0.0

    fileprivate mutating func clear(within distance: Double) {
        count = 0
        most = distance * distance * (1 + 1e-9)
    }

    fileprivate mutating func insert(_ place: Int32, _ gap: Double) {
        var k = count
        if count == JoinGrid.mostNear {
            k -= 1
            if (gaps[k], places[k]) < (gap, place) { return }
        } else {
            count += 1
        }
        while k > 0 && (gap, place) < (gaps[k - 1], places[k - 1]) {
            gaps[k] = gaps[k - 1]
            places[k] = places[k - 1]
            k -= 1
        }
        gaps[k] = gap
        places[k] = place
        if count == JoinGrid.mostNear {
            let last = gaps[JoinGrid.mostNear - 1]
            most = min(most, last * last * (1 + 1e-9))
        }
    }
}
