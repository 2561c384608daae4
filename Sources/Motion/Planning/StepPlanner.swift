/// Turns paths into step moves one after another, keeping the place where the last one ended.
///
/// Every path begins and ends at rest; its end is the rounding of its true end, so no error accumulates.
public struct StepPlanner: Sendable {
    /// Ticks a second, the unit of time of a step move.
    public static let ticksPerSecond = 25_000.0

    /// Where the carriage stands, in microsteps of both motors.
    public private(set) var position: (motor1: Int32, motor2: Int32) = (0, 0)
    public let steps: StepLimits

    private var speedsSquared: [Double] = []
    private var lengths: [Double] = []
    private var vertices: [Point] = []

    public init(steps: StepLimits) { self.steps = steps }

    /// Appends the moves along `points`, from rest to rest.
    ///
    /// The first point must be where the last path ended, within rounding.
    public mutating func append(
        path points: some Collection<Point>, limits: MotionLimits, to moves: inout [StepMove]
    ) {
        guard measure(points, limits: limits) else { return }
        let total = lengths.count
        var time = 0.0
        var ticks: Int64 = 0
        for i in 0..<total {
            let from = vertices[i]
            let along = (vertices[i + 1] - from) * (1 / lengths[i])
            let cap = speedCap(along, limits)
            let phases = trapezoid(
                length: lengths[i], entry: speedsSquared[i], exit: speedsSquared[i + 1], cap: cap,
                acceleration: limits.acceleration)
            for phase in phases where phase.time > 0 {
                let slow = max(1, Double(steps.shortestTicks) / (phase.time * Self.ticksPerSecond))
                let parts = Int64((phase.time * slow * Self.ticksPerSecond / Double(steps.longestTicks)).rounded(.up))
                for part in 1...max(1, parts) {
                    let f = Double(part) / Double(max(1, parts)) * phase.time
                    let s = phase.from + phase.speed * f + phase.acceleration * f * f / 2
                    let target = from + along * s
                    let end = time + f * slow * Self.ticksPerSecond
                    let until = max(ticks + Int64(steps.shortestTicks), Int64(end.rounded()))
                    let k = phase.acceleration * steps.stepsPerMillimetre / Self.ticksPerSecond / Self.ticksPerSecond
                    append(
                        to: target, ticks: Int32(clamping: until - ticks),
                        acceleration: (k * (along.x + along.y), k * (along.x - along.y)), moves: &moves)
                    ticks = until
                }
                time = Double(ticks)
            }
        }
    }

    private mutating func append(
        to target: Point, ticks: Int32, acceleration: (Double, Double), moves: inout [StepMove]
    ) {
        let m1 = Int32(((target.x + target.y) * steps.stepsPerMillimetre).rounded())
        let m2 = Int32(((target.x - target.y) * steps.stepsPerMillimetre).rounded())
        let (s1, s2) = (m1 &- position.motor1, m2 &- position.motor2)
        guard s1 != 0 || s2 != 0 else { return }
        let need = Int32((Double(max(s1.magnitude, s2.magnitude)) / steps.highestRate).rounded(.up))
        moves.append(
            StepMove(
                ticks: max(ticks, need), steps1: s1, steps2: s2, acceleration1: acceleration.0,
                acceleration2: acceleration.1))
        position = (m1, m2)
    }

    private func speedCap(_ along: Point, _ limits: MotionLimits) -> Double {
        let motor =
            steps.highestRate * Self.ticksPerSecond
            / (steps.stepsPerMillimetre * (along.x.magnitude + along.y.magnitude))
        let speed = min(limits.speed, motor)
        return speed * speed
    }

    private mutating func measure(_ points: some Collection<Point>, limits: MotionLimits) -> Bool {
        vertices.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        speedsSquared.removeAll(keepingCapacity: true)
        for point in points {
            if let last = vertices.last {
                let length = last.distance(to: point)
                guard length > 1e-9 else { continue }
                lengths.append(length)
            }
            vertices.append(point)
        }
        guard vertices.count > 1 else { return false }
        var before = Point(0, 0)
        var capBefore = 0.0
        for i in 0..<lengths.count {
            let along = (vertices[i + 1] - vertices[i]) * (1 / lengths[i])
            let cap = speedCap(along, limits)
            let corner = junctionSpeedSquared(
                cosine: before.x * along.x + before.y * along.y, deviation: limits.junctionDeviation,
                acceleration: limits.acceleration)
            speedsSquared.append(i == 0 ? 0 : min(corner, min(cap, capBefore)))
            before = along
            capBefore = cap
        }
        speedsSquared.append(0)
        let lengths = lengths
        var span = speedsSquared.mutableSpan
        limitVertexSpeeds(&span, lengths: lengths.span, acceleration: limits.acceleration)
        return true
    }
}

struct TrapezoidPhase {
    var time: Double
    var from: Double
    var speed: Double
    var acceleration: Double
}

/// Accelerate, cruise and brake on one segment, s and mm.
func trapezoid(
    length: Double, entry: Double, exit: Double, cap: Double, acceleration: Double
) -> [TrapezoidPhase] {
    let peak = min(cap, (entry + exit) / 2 + acceleration * length)
    let (v0, v, v1) = (entry.squareRoot(), peak.squareRoot(), exit.squareRoot())
    let up = max(0, (peak - entry) / (2 * acceleration))
    let down = max(0, (peak - exit) / (2 * acceleration))
    let flat = max(0, length - up - down)
    return [
        TrapezoidPhase(time: max(0, v - v0) / acceleration, from: 0, speed: v0, acceleration: acceleration),
        TrapezoidPhase(time: v > 0 ? flat / v : 0, from: up, speed: v, acceleration: 0),
        TrapezoidPhase(time: max(0, v - v1) / acceleration, from: up + flat, speed: v, acceleration: -acceleration),
    ]
}
