/// Where motors have to be so that a carriage with play in its belts goes where it should.
///
/// Play: along an axis the carriage follows its motor at once on the way back (towards home) and lies behind it by the
/// play on the way out. So motors go farther by the play on the way out; where an axis turns they take up the play first,
/// while the carriage stands. At home the play is taken up towards it, because every way home ends there.
public struct Backlash: Sendable {
    /// So far an axis goes the other way before it counts as turned, mm: the last digits of a flat curve are no turn.
    private static let hysteresis = 0.01

    /// One axis.
    private struct Axis {
        let play: Double
        var isOut = false
        var back = 0.0

        /// Notes a way along the axis; true if it has turned.
        mutating func go(_ distance: Double) -> Bool {
            if distance == 0 || (distance > 0) == isOut {
                back = 0
                return false
            }
            back += abs(distance)
            guard back > Backlash.hysteresis else { return false }
            (isOut, back) = (!isOut, 0)
            return play > 0
        }

        var offset: Double { isOut ? play : 0 }
    }

    private var x: Axis
    private var y: Axis

    /// - Parameter play: mm along x and y, from 0.
    public init(_ play: Size) {
        x = Axis(play: play.width)
        y = Axis(play: play.height)
    }

    /// Strokes where the motors draw them, from home on and in this order. A stroke gets a point more for each turn: the
    /// same place once before and once after the play is taken up. O(points).
    public mutating func compensated(_ lines: Polylines) -> Polylines {
        var made = Polylines()
        made.reserve(points: lines.points.count, polylines: lines.count)
        var last = Point(0, 0)
        for i in 0..<lines.count {
            var isFirst = true
            for point in lines[i] {
                let turnsX = x.go(point.x - last.x)
                let turnsY = y.go(point.y - last.y)
                if !isFirst, turnsX || turnsY { made.append(placed(last)) }
                made.append(placed(point))
                (last, isFirst) = (point, false)
            }
            made.finish()
        }
        return made
    }

    private func placed(_ point: Point) -> Point { Point(point.x + x.offset, point.y + y.offset) }
}
