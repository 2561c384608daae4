/// Places on the unit circle that part a whole turn into equal ones: what is measured once serves all circles of a drawing.
struct UnitTurns {
    /// More parts are computed anew: a table of them would be larger than a cache.
    static let mostParts = 256

    private var places: [Point] = []
    /// Of the places of each number of parts, the first; −1 where they are not there yet.
    private var firsts = [Int32](repeating: -1, count: mostParts + 1)

    /// Appends the inner cuts of a whole turn from angle 0: cut k of `count` − 1 lies at angle 2π·k/count.
    ///
    /// - Parameter arc: of which only centre and half axes count.
    mutating func append(_ count: Int, of arc: EllipticalArc, to points: inout [Point]) {
        if firsts[count] < 0 {
            firsts[count] = Int32(truncatingIfNeeded: places.count)
            for k in 0..<count {
                let angle = 2 * .pi * (Double(k) / Double(count))
                places.append(Point(cosine(angle), sine(angle)))
            }
        }
        let first = Int(firsts[count])
        for k in first + 1..<first + count {
            let (c, s) = (places[k].x, places[k].y)
            points.append(
                Point(arc.center.x + arc.u.x * c + arc.v.x * s, arc.center.y + arc.u.y * c + arc.v.y * s))
        }
    }
}
