/// A closed tour of strokes in an array, each stroke entered at one of its two ends.
///
/// Stroke `s` has the ends 2s and 2s + 1. Between the leaving end of one stroke and the entered end of the next lies a
/// link (travel). Every end has exactly one link, so a tour is changed by naming ends only.
struct Tour {
    /// Entered end by position.
    private(set) var entries: [Int32]
    /// By stroke: position · 2 + the low bit of the entered end.
    private var codes: [Int32]
    /// What was changed since `clearLog()`: places turned round (their number negative), or overwritten.
    private var logRanges: [(start: Int32, count: Int32)] = []
    /// What stood in places that were overwritten.
    private var logEntries: [Int32] = []

    init(entries: [Int32]) {
        self.entries = entries
        codes = [Int32](repeating: 0, count: entries.count)
        for (place, end) in entries.enumerated() {
            codes[Int(end >> 1)] = Int32(truncatingIfNeeded: place) << 1 | (end & 1)
        }
    }

    var count: Int { entries.count }

    @inline(__always)
    func position(of end: Int32) -> Int { Int(codes[Int(end >> 1)] >> 1) }

    /// Whether the pen comes to the paper at this end.
    @inline(__always)
    func isEntry(_ end: Int32) -> Bool { (codes[Int(end >> 1)] ^ end) & 1 == 0 }

    /// The end at the other side of this end's link.
    @inline(__always)
    func mate(_ end: Int32) -> Int32 {
        let code = codes[Int(end >> 1)]
        let place = Int(code >> 1)
        if (code ^ end) & 1 == 0 {
            return entries[place == 0 ? entries.count - 1 : place - 1] ^ 1
        }
        return entries[place + 1 == entries.count ? 0 : place + 1]
    }

    /// Writes runs of the tour anew. The longest run keeps its place.
    ///
    /// - Returns: how many strokes were written.
    mutating func rearrange(_ runs: TourRuns) -> Int {
        let longest = runs.longest(of: count)
        var slot = 0
        while runs.order[slot] >> 1 != longest { slot += 1 }
        let isReversed = runs.order[slot] & 1 == 1
        // Seen from the longest run all others follow; where it is reversed, in the opposite direction.
        let start = runs.bounds[longest] + runs.length(longest, of: count)
        if runs.count == 2 {
            // The other run is reversed, or nothing changes.
            let size = runs.length(1 - longest, of: count)
            if runs.order[0] & 1 != runs.order[1] & 1 { reverse(start: start % count, count: size) }
            return size
        }
        let base = logEntries.count
        record(start: start, count: count - runs.length(longest, of: count))
        var offset = 0
        for _ in 1..<runs.count {
            slot += isReversed ? -1 : 1
            if slot < 0 { slot = runs.count - 1 }
            if slot == runs.count { slot = 0 }
            let run = runs.order[slot] >> 1
            var from = runs.bounds[run] - start  // where the run stands in the record
            if from < 0 { from += count }
            let size = runs.length(run, of: count)
            if (runs.order[slot] & 1 == 1) != isReversed {
                writeReversed(base + from, base + from + size, at: start + offset)
            } else if from != offset {
                write(base + from, base + from + size, at: start + offset)
            }
            offset += size
        }
        return offset
    }

    /// Turns the strokes in some places round, the last first.
    private mutating func reverse(start: Int, count length: Int) {
        logRanges.append((Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: -length)))
        Self.reverse(&entries, &codes, start: start, count: length)
    }

    private static func reverse(_ entries: inout [Int32], _ codes: inout [Int32], start: Int, count length: Int) {
        var entries = entries.mutableSpan
        var codes = codes.mutableSpan
        let count = entries.count
        var (low, high) = (start, start + length - 1)
        if high >= count { high -= count }
        for _ in 0..<(length + 1) / 2 {
            let (a, b) = (entries[high] ^ 1, entries[low] ^ 1)
            entries[low] = a
            codes[Int(a >> 1)] = Int32(truncatingIfNeeded: low) << 1 | (a & 1)
            entries[high] = b
            codes[Int(b >> 1)] = Int32(truncatingIfNeeded: high) << 1 | (b & 1)
            low = low + 1 == count ? 0 : low + 1
            high = high == 0 ? count - 1 : high - 1
        }
    }

    private mutating func record(start: Int, count length: Int) {
        let from = start % count
        logRanges.append((Int32(truncatingIfNeeded: from), Int32(truncatingIfNeeded: length)))
        let upper = min(from + length, count)
        logEntries.append(contentsOf: entries[from..<upper])
        if from + length > count { logEntries.append(contentsOf: entries[..<(from + length - count)]) }
    }

    private mutating func write(_ from: Int, _ to: Int, at start: Int) {
        Self.write(&entries, &codes, logEntries, from..<to, at: start % count)
    }

    private mutating func writeReversed(_ from: Int, _ to: Int, at start: Int) {
        Self.writeReversed(&entries, &codes, logEntries, from..<to, at: start % count)
    }

    private static func write(
        _ entries: inout [Int32], _ codes: inout [Int32], _ log: [Int32], _ range: Range<Int>, at start: Int
    ) {
        var entries = entries.mutableSpan
        var codes = codes.mutableSpan
        let log = log.span
        let count = entries.count
        var place = start
        for k in range {
            let end = log[k]
            entries[place] = end
            codes[Int(end >> 1)] = Int32(truncatingIfNeeded: place) << 1 | (end & 1)
            place = place + 1 == count ? 0 : place + 1
        }
    }

    private static func writeReversed(
        _ entries: inout [Int32], _ codes: inout [Int32], _ log: [Int32], _ range: Range<Int>, at start: Int
    ) {
        var entries = entries.mutableSpan
        var codes = codes.mutableSpan
        let log = log.span
        let count = entries.count
        var place = start
        for k in range.reversed() {
            let end = log[k] ^ 1
            entries[place] = end
            codes[Int(end >> 1)] = Int32(truncatingIfNeeded: place) << 1 | (end & 1)
            place = place + 1 == count ? 0 : place + 1
        }
    }

    /// Forgets how to undo what was done so far.
    mutating func clearLog() {
        logRanges.removeAll(keepingCapacity: true)
        logEntries.removeAll(keepingCapacity: true)
    }

    /// Takes back everything since `clearLog()`.
    mutating func undo() {
        while let (start, length) = logRanges.popLast() {
            if length < 0 {
                reverse(start: Int(start), count: -Int(length))
                logRanges.removeLast()
                continue
            }
            let base = logEntries.count - Int(length)
            write(base, base + Int(length), at: Int(start))
            logEntries.removeSubrange(base...)
        }
    }
}

/// A tour cut into a few runs, and how they shall follow each other.
struct TourRuns {
    static let most = 6

    /// Runs in use.
    var count = 0
    /// Position at which each run begins, growing; the last one closes the circle.
    var bounds = InlineArray<6, Int>(repeating: 0)
    /// Runs as they shall follow, run 0 first and not reversed: index · 2, + 1 where reversed.
    var order = InlineArray<6, Int>(repeating: 0)

    func length(_ run: Int, of strokes: Int) -> Int {
        run + 1 < count ? bounds[run + 1] - bounds[run] : bounds[0] + strokes - bounds[run]
    }

    func longest(of strokes: Int) -> Int {
        var longest = 0
        for k in 1..<count where length(k, of: strokes) > length(longest, of: strokes) { longest = k }
        return longest
    }
}
