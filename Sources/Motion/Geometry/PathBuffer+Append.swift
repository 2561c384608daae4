extension PathBuffer {
    /// Adds another outline as a map shows it.
    mutating func append(_ other: PathBuffer, through m: Transform) {
        append(other, verbs: 0..<other.verbs.count, through: m)
    }

    /// Adds a run of another outline's segments as a map shows them.
    mutating func append(_ other: PathBuffer, verbs range: Range<Int>, through m: Transform) {
        var i = other.verbs[..<range.lowerBound].reduce(0) { $0 + $1.pointCount }
        for verb in other.verbs[range] {
            switch verb {
            case .move: move(to: m.apply(other.points[i]))
            case .line: line(to: m.apply(other.points[i]))
            case .cubic:
                cubic(m.apply(other.points[i]), m.apply(other.points[i + 1]), to: m.apply(other.points[i + 2]))
            case .arc: arc(other.arc(at: i).mapped(by: m), to: m.apply(other.points[i + 4]))
            case .close: close()
            }
            i += verb.pointCount
        }
    }
}
