internal import Picture

/// Play in the belts: the carriage stands still until a motor that has turned has taken it up.
///
/// Along each axis the carriage is behind its motor by 0 (on the way back) to the play (on the way out). Counted in
/// motor 1 ± motor 2, of which there are twice as many as steps for a mm.
struct Play: Sendable {
    private let x: Double
    private let y: Double
    /// Where the carriage is, and the motors that moved it there.
    private var carriage = (x: 0.0, y: 0.0)
    private var motors = (x: 0.0, y: 0.0)

    /// - Parameter steps: steps of 1/16 per mm.
    init?(x: Double, y: Double, steps: Double) {
        guard x > 0 || y > 0 else { return nil }
        (self.x, self.y) = (max(0, x) * 2 * steps, max(0, y) * 2 * steps)
    }

    /// The carriage is put home, the play taken up towards it.
    mutating func carryHome() { (carriage, motors) = ((0, 0), (0, 0)) }

    /// The way of the carriage while the motors go straight to a vertex: its end, and before it the places where an axis
    /// begins to follow, drawn on like what is before.
    mutating func follow(to vertex: Trace.Vertex, from last: Trace.Vertex?) -> [Trace.Vertex] {
        let target = (
            x: Double(vertex.motor1) + Double(vertex.motor2), y: Double(vertex.motor1) - Double(vertex.motor2)
        )
        let shares = [
            Self.share(motors.x, target.x, carriage.x, x), Self.share(motors.y, target.y, carriage.y, y),
        ].filter { $0 > 0 && $0 < 1 }.sorted()
        var made: [Trace.Vertex] = []
        let start = motors
        for share in shares + [1] {
            motors = (start.x + (target.x - start.x) * share, start.y + (target.y - start.y) * share)
            carriage.x = min(max(carriage.x, motors.x - x), motors.x)
            carriage.y = min(max(carriage.y, motors.y - y), motors.y)
            var place = vertex
            if share < 1, let last {
                place.tick = last.tick + Int64(Double(vertex.tick - last.tick) * share)
                place.isTouching = last.isTouching
            }
            place.motor1 = Int32(((carriage.x + carriage.y) / 2).rounded())
            place.motor2 = Int32(((carriage.x - carriage.y) / 2).rounded())
            made.append(place)
        }
        return made
    }

    /// When, of a way from `a` to `b`, the carriage begins to follow; 0 if at once, 1 or more if not at all.
    private static func share(_ a: Double, _ b: Double, _ carriage: Double, _ play: Double) -> Double {
        if b == a { return 0 }
        let edge = b > a ? carriage + play : carriage
        return (edge - a) / (b - a)
    }
}
