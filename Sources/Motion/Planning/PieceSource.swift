/// Cuts the segments of a planned path into pieces of constant acceleration: speeding up, cruising, braking.
struct PieceSource {
    /// Microsteps of path for 1 mm; ticks a second.
    let stepsPerMillimetre: Double
    let acceleration: Double
    let shortest: Double
    let longest: Double

    /// Appends up to three pieces of the segment `i` of a path, more where they would be too long for one command.
    @inline(__always)
    func append(segment i: Int, of path: borrowing PathSpeeds, to pieces: inout [MotionPiece]) {
        let length = path.lengths[i]
        let (from, to) = (path.vertices[i], path.vertices[i + 1])
        let (x, y) = ((to.x - from.x) / length, (to.y - from.y) / length)
        let (entry, exit) = (path.squared[i], path.squared[i + 1])
        let peak = max(max(entry, exit), min(path.caps[i], (entry + exit) / 2 + acceleration * length))
        let (v0, v, v1) = (entry.squareRoot(), peak.squareRoot(), exit.squareRoot())
        let scale = StepPlanner.ticksPerSecond / acceleration
        let up = (peak - entry) / (2 * acceleration)
        let down = (peak - exit) / (2 * acceleration)
        let flat = length - up - down
        let k = stepsPerMillimetre / StepPlanner.ticksPerSecond
        var piece = MotionPiece(
            ticks: (v - v0) * scale, entrySpeed: v0 * k, exitSpeed: v * k, direction1: x + y, direction2: x - y,
            end1: 0, end2: 0, segment: Int32(truncatingIfNeeded: i))
        func place(_ rest: Double) {
            piece.end1 = (to.x + to.y) * stepsPerMillimetre - piece.direction1 * rest * stepsPerMillimetre
            piece.end2 = (to.x - to.y) * stepsPerMillimetre - piece.direction2 * rest * stepsPerMillimetre
        }
        if piece.ticks > Self.least {
            place(max(0, flat) + down)
            add(piece, to: &pieces)
        }
        if flat > 0, v > 0 {
            piece.ticks = flat / v * StepPlanner.ticksPerSecond
            piece.entrySpeed = piece.exitSpeed
            if piece.ticks > Self.least {
                place(down)
                add(piece, to: &pieces)
            }
        }
        piece.ticks = (v - v1) * scale
        if piece.ticks > Self.least {
            piece.entrySpeed = v * k
            piece.exitSpeed = v1 * k
            place(0)
            add(piece, to: &pieces)
        }
    }

    /// Shorter pieces are left out, ticks.
    private static let least = 1e-6

    @inline(__always)
    private func add(_ piece: MotionPiece, to pieces: inout [MotionPiece]) {
        var piece = piece
        if piece.ticks > longest {
            var parts = (piece.ticks / longest).rounded(.up)
            while parts > 1 {
                let (first, rest) = piece.cut(after: piece.ticks / parts)
                pieces.append(first)
                piece = rest
                parts -= 1
            }
        }
        pieces.append(piece)
    }
}
