internal import Picture
internal import Simulator

/// Every step that a pen made on the paper, counted by motor, place and direction.
///
/// The order in which the two motors step is not counted (a retimed ramp may change it by a step); `cells` says beside it
/// where the pen has been, in squares of 8 steps.
struct Ink: Sendable {
    /// Place and direction of one motor's steps; counts are kept as changes from place to place.
    private struct Key: Hashable, Sendable {
        var series: Int8
        var place: Int32
    }

    private var changes: [Key: Int32] = [:]
    private(set) var cells: Set<UInt64> = []

    init() {}

    /// All ink of a trace, but not what was drawn within `dead` ticks.
    init(_ vertices: [Trace.Vertex], dead: Range<Int64>? = nil) {
        for (a, b) in zip(vertices, vertices.dropFirst()) where a.isTouching {
            if let dead, dead.contains(a.tick) { continue }
            add(from: a, to: b)
        }
    }

    /// Ink of each stroke: from one touch to the next.
    static func strokes(_ vertices: [Trace.Vertex]) -> [Ink] {
        var strokes: [Ink] = []
        var isTouching = false
        for (a, b) in zip(vertices, vertices.dropFirst()) {
            if a.isTouching {
                if !isTouching { strokes.append(Ink()) }
                strokes[strokes.count - 1].add(from: a, to: b)
            }
            isTouching = a.isTouching
        }
        return strokes
    }

    private mutating func add(from a: Trace.Vertex, to b: Trace.Vertex) {
        add(series: 0, a.motor1, b.motor1)
        add(series: 2, a.motor2, b.motor2)
        let (d1, d2) = (Int64(b.motor1) - Int64(a.motor1), Int64(b.motor2) - Int64(a.motor2))
        let pieces = Int64(max(d1.magnitude, d2.magnitude)) / 4 + 1
        for i in 0...pieces {
            let (m1, m2) = (Int64(a.motor1) + d1 * i / pieces, Int64(a.motor2) + d2 * i / pieces)
            cells.insert(Self.cell(m1 >> 3, m2 >> 3))
        }
    }

    private static func cell(_ x: Int64, _ y: Int64) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: x)) << 32 | UInt64(UInt32(truncatingIfNeeded: y))
    }

    private mutating func add(series: Int8, _ from: Int32, _ to: Int32) {
        guard from != to else { return }
        let row = series + (to > from ? 0 : 1)
        changes[Key(series: row, place: min(from, to)), default: 0] += 1
        changes[Key(series: row, place: max(from, to)), default: 0] -= 1
    }

    /// Steps that are here and not in `other`, and those that are there and not here; the same counts twice.
    func difference(to other: Ink) -> (more: Int, less: Int) {
        var all: [Key: Int32] = changes
        for (key, change) in other.changes { all[key, default: 0] -= change }
        var (more, less) = (0, 0)
        for series in Int8(0)..<4 {
            var count = 0
            var last: Int32?
            for (key, change) in all.filter({ $0.key.series == series && $0.value != 0 }).sorted(by: {
                $0.key.place < $1.key.place
            }) {
                let length = last.map { Int(key.place) - Int($0) } ?? 0
                if count > 0 { more += count * length } else { less -= count * length }
                count += Int(change)
                last = key.place
            }
        }
        return (more, less)
    }

    /// The first places that `other` has and this ink has not, in words.
    func missing(from other: Ink) -> String {
        var all: [Key: Int32] = other.changes
        for (key, change) in changes { all[key, default: 0] -= change }
        let names = ["motor 1 onwards", "motor 1 back", "motor 2 onwards", "motor 2 back"]
        var words: [String] = []
        for series in Int8(0)..<4 {
            var count: Int32 = 0
            for (key, change) in all.filter({ $0.key.series == series && $0.value != 0 }).sorted(by: {
                $0.key.place < $1.key.place
            }) {
                if count > 0 { words.append("to \(key.place)") }
                count += change
                if count > 0 { words.append("\(names[Int(series)]) \(key.place)") }
            }
        }
        return words.prefix(8).joined(separator: " ")
    }

    /// Cells of this ink further than a cell from all of `other`'s.
    func cellsBeside(_ other: Ink) -> Int {
        if cells == other.cells { return 0 }
        return cells.count { cell in
            if other.cells.contains(cell) { return false }
            let x = Int64(Int32(truncatingIfNeeded: cell >> 32))
            let y = Int64(Int32(truncatingIfNeeded: cell))
            for dx in Int64(-1)...1 {
                for dy in Int64(-1)...1 where other.cells.contains(Self.cell(x + dx, y + dy)) { return false }
            }
            return true
        }
    }

    /// Both inks together.
    mutating func add(_ other: Ink) {
        for (key, change) in other.changes { changes[key, default: 0] += change }
        cells.formUnion(other.cells)
    }

    /// The same steps, equally often.
    func isSame(as other: Ink) -> Bool {
        difference(to: other) == (0, 0) && cellsBeside(other) == 0 && other.cellsBeside(self) == 0
    }
}
