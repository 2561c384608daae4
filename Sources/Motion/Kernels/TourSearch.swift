/// Shortens a tour by exchanging two to five links near the ends that changed last (sequential k-opt).
///
/// From a link t1–t2 the search goes on to a near end t3 of t2, whose link t3–t4 is removed too, and so on while
/// what was removed is longer than what was added (Lin and Kernighan 1973). Whether the tour closes again into one is
/// looked at only when closing would gain; nothing is changed before.
struct TourSearch {
    /// Near ends tried at each level; as many links are exchanged as there are levels, and one more.
    static let breadths = [16, 3, 2]
    /// Kicks are made in one stretch of the tour of this many strokes after another: what they touch stays in cache.
    private static let stretch = 4096
    /// Strokes in each of the two runs that a kick exchanges, at most. In large tours, where every place has few kicks, short
    /// ones are better: after 15 s 100,000 strokes of a hatching are 3 % shorter than with 50, dots 0.2 % longer.
    private static func longestKick(strokes: Int) -> Int { strokes <= 20_000 ? 50 : 10 }
    /// Work of a kick before anything is repaired.
    private static let kickCost = 40
    /// Strokes that one exchange behind a kick may rewrite: farther ones take more time than they gain, fewer gain less.
    private static let kickReach = 30_000
    /// Least gain worth a move, mm; far above rounding.
    static let leastGain = 1e-6

    private(set) var tour: Tour
    let places: [SIMD2<Float>]
    let neighbours: Neighbours
    /// Moves that would rewrite more strokes than this are left out.
    private var reach: Int
    /// By stroke: both ends in one place.
    private let isLoop: [Bool]
    /// Ends whose surroundings changed; first in, first out.
    private var queue: [Int32] = []
    private var queueHead = 0
    private var isQueued: [Bool]

    /// t1, t2, … of the exchange being looked at.
    private var ends = InlineArray<8, Int32>(repeating: 0)
    private var bestEnds = InlineArray<8, Int32>(repeating: 0)
    private var bestCount = 0
    private var bestGain = 0.0
    /// Runs between removed links, and the order in which they shall follow.
    private var runs = TourRuns()
    private let breadths: [Int]
    /// What was done so far, in ends looked at: the clock of a search, the same on every machine.
    private var work = 0
    /// Work of kicks alone.
    private(set) var kickWork = 0

    init(tour: [Int32], places: [SIMD2<Float>], neighbours: Neighbours, reach: Int) {
        self.tour = Tour(entries: tour)
        self.places = places
        self.neighbours = neighbours
        self.reach = reach
        isLoop = (0..<places.count / 2).map { places[2 * $0] == places[2 * $0 + 1] }
        isQueued = [Bool](repeating: false, count: places.count)
        breadths = Self.breadths.map { min($0, neighbours.breadth) }
    }

    @inline(__always)
    func distance(_ a: Int32, _ b: Int32) -> Double {
        let d = places[Int(a)] - places[Int(b)]
        return Double((d * d).sum().squareRoot())
    }

    /// Searches round every end once, and again round what changes. Returns the length saved.
    mutating func run(isCancelled: () -> Bool) -> Double {
        for entry in tour.entries {
            push(entry)
            push(entry ^ 1)
        }
        var saved = 0.0
        while queueHead < queue.count {
            if queueHead & 0xFFF == 0 && isCancelled() { break }
            saved += step()
            tour.clearLog()
            if queueHead > 1 << 20 {
                queue.removeSubrange(..<queueHead)
                queueHead = 0
            }
        }
        return saved
    }

    /// Kicks that follow are counted from here.
    mutating func beginKicks() { kickWork = 0 }

    /// Kicks: exchanges two short neighbouring runs somewhere, repairs round them, and keeps the result unless it is
    /// longer by more than chance allows.
    ///
    /// - Parameters: `end` how much work may have been done at the end of this part, `total` of the whole, both counted
    ///   from now on; `heat` how much longer, in mm, a result may be at the beginning; falls to 0 at the end.
    /// - Returns: the length saved.
    mutating func iterate(until end: Int, of total: Int, heat: Double, random: inout PlanRandom) -> Double {
        var saved = 0.0
        let count = tour.count
        let longest = min(Self.longestKick(strokes: count), (count - 2) / 2)
        guard longest >= 1 else { return 0 }
        reach = min(reach, Self.kickReach)
        let size = min(count, Self.stretch)
        let stretches = (count + size - 1) / size
        while kickWork < end {
            let done = Double(kickWork) / Double(total)
            tour.clearLog()
            // Every stretch has its turn ten times.
            let start = Int(done * Double(10 * stretches)) % stretches * size + random.below(size)
            let before = work
            var gain = kickRuns(start: start % count, 1 + random.below(longest), 1 + random.below(longest))
            while queueHead < queue.count { gain += step() }
            if gain < -heat * (1 - done) * random.unitSquared() { tour.undo() } else { saved += gain }
            kickWork += work &- before &+ Self.kickCost
        }
        return saved
    }

    /// Exchanges two neighbouring runs and queues the six ends concerned. Returns the (negative) gain.
    private mutating func kickRuns(start: Int, _ first: Int, _ second: Int) -> Double {
        let count = tour.count
        queue.removeAll(keepingCapacity: true)
        queueHead = 0
        let a = tour.entries[start]
        let b = tour.entries[(start + first) % count]
        let c = tour.entries[(start + first + second) % count]
        let (a0, b0, c0) = (tour.mate(a), tour.mate(b), tour.mate(c))
        for end in [a, a0, b, b0, c, c0] { push(end) }
        setRuns(start, start + first, start + first + second, count)
        _ = tour.rearrange(runs)
        return distance(a0, a) + distance(b0, b) + distance(c0, c) - distance(a0, b) - distance(c0, a) - distance(b0, c)
    }

    /// Runs between three positions, the first two of which change places.
    private mutating func setRuns(_ a: Int, _ b: Int, _ c: Int, _ count: Int) {
        runs.count = 3
        let (b, c) = (b >= count ? b - count : b, c >= count ? c - count : c)
        // Three runs that follow each other as 0, 2, 1: the same whichever two change places.
        runs.bounds[0] = min(a, b, c)
        runs.bounds[2] = max(a, b, c)
        runs.bounds[1] = a + b + c - runs.bounds[0] - runs.bounds[2]
        runs.order[0] = 0
        runs.order[1] = 4
        runs.order[2] = 2
    }

    @inline(__always)
    private mutating func push(_ end: Int32) {
        if isQueued[Int(end)] { return }
        isQueued[Int(end)] = true
        queue.append(end)
    }

    /// Takes one end from the queue and improves round it while it can. Returns the length saved.
    private mutating func step() -> Double {
        let end = queue[queueHead]
        queueHead += 1
        isQueued[Int(end)] = false
        var saved = 0.0
        while true {
            bestGain = Self.leastGain
            bestCount = 0
            let mate = tour.mate(end)
            ends[0] = mate
            ends[1] = end
            extend(level: 0, open: distance(mate, end))
            if bestCount == 0 { return saved }
            saved += bestGain
            for k in 0..<bestCount {
                ends[k] = bestEnds[k]
                push(bestEnds[k])
            }
            _ = arrange(links: bestCount / 2)
            work &+= tour.rearrange(runs) / 8
        }
    }

    /// Tries all near ends of the last end as the next; `open` is removed less added so far.
    private mutating func extend(level: Int, open: Double) {
        let last = ends[2 * level + 1]
        let base = Int(last) * neighbours.breadth
        for j in 0..<breadths[level] {
            let near = neighbours.ends[base + j]
            if near < 0 { return }
            let left = open - distance(last, near)
            if left <= bestGain { return }
            take(near, level: level, open: left)
            if isLoop[Int(near >> 1)] { take(near ^ 1, level: level, open: left) }
            // Of the ways on from the first near end that leads to a gain the best is taken, not the best of all:
            // measured better at equal time.
            if bestCount > 0 && level == 0 { return }
        }
    }

    @inline(__always)
    private mutating func take(_ end: Int32, level: Int, open: Double) {
        work &+= 1
        for k in 0..<2 * level + 2 where ends[k] == end { return }
        let mate = tour.mate(end)
        let gap = open + distance(end, mate)
        ends[2 * level + 2] = end
        ends[2 * level + 3] = mate
        let total = gap - distance(mate, ends[0])
        if total > bestGain && arrange(links: level + 2) {
            bestGain = total
            bestCount = 2 * level + 4
            for k in 0..<bestCount { bestEnds[k] = ends[k] }
        }
        if level + 1 < breadths.count { extend(level: level + 1, open: gap) }
    }

    /// Works out the runs between the removed links and their new order; false when the tour would fall apart or the
    /// move reaches too far.
    private mutating func arrange(links: Int) -> Bool {
        var runs = TourRuns()
        runs.count = links
        // By position: which of the ends is entered there.
        var cuts = InlineArray<6, Int>(repeating: 0)
        for k in 0..<links {
            let entry = tour.isEntry(ends[2 * k]) ? 2 * k : 2 * k + 1
            let place = tour.position(of: ends[entry])
            var slot = k
            while slot > 0 && runs.bounds[slot - 1] > place {
                runs.bounds[slot] = runs.bounds[slot - 1]
                cuts[slot] = cuts[slot - 1]
                slot -= 1
            }
            runs.bounds[slot] = place
            cuts[slot] = entry
        }
        // Run r begins with ends[cuts[r]] and leaves by the mate of the cut behind it.
        var run = 0
        var isReversed = false
        for step in 0..<links {
            runs.order[step] = run << 1 | (isReversed ? 1 : 0)
            let leaving = isReversed ? cuts[run] : cuts[run + 1 == links ? 0 : run + 1] ^ 1
            // New links: 1–2, 3–4, …, last–0.
            let next =
                leaving & 1 == 1
                ? (leaving + 1 == 2 * links ? 0 : leaving + 1) : (leaving == 0 ? 2 * links : leaving) - 1
            var slot = 0
            while cuts[slot] != next && cuts[slot] != next ^ 1 { slot += 1 }
            if cuts[slot] == next {
                run = slot
                isReversed = false
            } else {
                run = slot == 0 ? links - 1 : slot - 1
                isReversed = true
            }
            if run == 0 {
                self.runs = runs
                return step == links - 1 && !isReversed && isWithinReach
            }
        }
        return false
    }

    private var isWithinReach: Bool {
        reach >= tour.count || tour.count - runs.length(runs.longest(of: tour.count), of: tour.count) <= reach
    }

    /// Length of all links.
    func length() -> Double {
        var sum = 0.0
        for entry in tour.entries { sum += distance(entry, tour.mate(entry)) }
        return sum
    }
}
