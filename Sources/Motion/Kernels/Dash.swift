/// Cuts a line into the dashes of a pattern.
///
/// - Parameters:
///   - line: one subpath; a closed one repeats its first point.
///   - lengths: of the true curve up to each point from the one before it, in the pattern's unit; the first is 0.
///   - pattern: dash, gap, dash, …; an even count, none negative, the sum > 0.
///   - offset: where in the pattern the line begins.
///   - drawsDots: whether a dash of no length is a dot.
/// - Returns: the dashes in order; a line that one dash covers whole comes back as it is.
/// - Complexity: O(points + dashes).
func dashes(
    of line: TracedLine, lengths: [Double], pattern: [Double], offset: Double, drawsDots: Bool
) -> [TracedLine] {
    precondition(line.points.count == lengths.count, "a length for every point")
    let period = pattern.reduce(0, +)
    var phase = offset.truncatingRemainder(dividingBy: period)
    if phase < 0 { phase += period }
    var k = 0
    while phase >= pattern[k] {
        phase -= pattern[k]
        k = (k + 1) % pattern.count
        if phase == 0, pattern[k] == 0 { break }
    }
    let total = lengths.reduce(0, +)
    if k % 2 == 0, pattern[k] - phase >= total { return [line] }
    var walker = DashWalker(line: line, lengths: lengths)
    var result: [TracedLine] = []
    var place = -phase
    while place < total {
        let end = place + pattern[k]
        if k % 2 == 0, end > place || drawsDots, end > 0 || place >= 0 {
            let dash = walker.piece(from: max(0, place), to: min(end, total))
            if dash.points.count > 1 || drawsDots { result.append(dash) }
        }
        place = end
        k = (k + 1) % pattern.count
    }
    return result
}

/// Walks along a line once, giving out pieces by length.
private struct DashWalker {
    let line: TracedLine
    let lengths: [Double]
    /// The chord that begins at point `i`, and the length before it.
    private var i = 0
    private var before = 0.0

    init(line: TracedLine, lengths: [Double]) {
        self.line = line
        self.lengths = lengths
    }

    mutating func piece(from: Double, to: Double) -> TracedLine {
        var piece = TracedLine()
        go(to: from)
        append(at: from, &piece)
        while i + 2 < lengths.count, before + lengths[i + 1] < to {
            before += lengths[i + 1]
            i += 1
            append(at: before, &piece)
        }
        if to > from { append(at: to, &piece) }
        return piece
    }

    private mutating func go(to place: Double) {
        while i + 2 < lengths.count, before + lengths[i + 1] <= place {
            before += lengths[i + 1]
            i += 1
        }
    }

    private func append(at place: Double, _ piece: inout TracedLine) {
        let length = lengths[i + 1]
        let t = length > 0 ? min(1, max(0, (place - before) / length)) : 0
        piece.append(line, i, t)
        let count = piece.points.count
        if count > 1, piece.points[count - 1] == piece.points[count - 2] {
            piece.points.removeLast()
            if !piece.origins.isEmpty { piece.origins.removeLast() }
        }
    }
}
