internal import Motion

@testable internal import Strokes

extension FuzzTarget {
    /// Strokes as lines of JSON: the same strokes and words wherever the bytes are cut, bounded, and none beyond any machine.
    ///
    /// The first byte says where they are cut, and whether the first bad line ends them.
    static let strokes = FuzzTarget(name: "strokes") { bytes in
        guard let first = bytes.first else { return }
        let sent = bytes.dropFirst()
        let isStrict = first & 1 == 1
        let whole = read(sent, cut: .max, isStrict: isStrict)
        hold(whole == read(sent, cut: 1, isStrict: isStrict), "byte by byte other strokes were read")
        hold(whole == read(sent, cut: 2 + Int(first >> 1), isStrict: isStrict), "cut, other strokes were read")
    }

    private struct Read: Equatable {
        var strokes: [[Point]] = []
        var notes: [String] = []
        var refused = 0
        var lines = 0
    }

    private static func read(_ bytes: ArraySlice<UInt8>, cut: Int, isStrict: Bool) -> Read {
        var lines = StrokeLines(
            bed: Size(width: 300, height: 218), origin: Point(0, 0), isStrict: isStrict)
        var read = Read()
        func take() {
            while let next = lines.next(points: 100) {
                for i in 0..<next.count { read.strokes.append(Array(next[i])) }
            }
            read.notes += lines.takeNotes().map { "\($0.line ?? 0) \($0.code)" }
        }
        var rest = bytes
        while !rest.isEmpty, !lines.isStopped {
            let piece = rest.prefix(cut)
            rest = rest.dropFirst(piece.count)
            lines.take(piece)
            take()
        }
        lines.end()
        take()
        for stroke in read.strokes {
            hold(!stroke.isEmpty && stroke.count <= StrokeLines.mostPoints, "a stroke of \(stroke.count) points")
            for point in stroke {
                hold(
                    abs(point.x) <= StrokeLines.farthest && abs(point.y) <= StrokeLines.farthest,
                    "a point beyond any machine")
            }
        }
        (read.refused, read.lines) = (lines.refused, lines.line)
        hold(read.refused <= read.lines, "more lines refused than came")
        hold(!isStrict || read.refused <= 1, "strict, and more than one line was refused")
        return read
    }
}
