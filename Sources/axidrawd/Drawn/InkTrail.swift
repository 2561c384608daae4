internal import Text

/// What a job has drawn so far, as points of the carriage in mm.
struct InkTrail: Sendable {
    struct Point: Equatable, Sendable {
        var x: Float
        var y: Float
        /// Whether the pen touches the paper from here to the next point.
        var isTouching: Bool
    }

    let job: JobID
    /// Which of its copies.
    var copy = 0
    /// Strokes of the sheet before this one were drawn when nobody looked, before a restart.
    var firstStroke = 0
    private(set) var points: [Point] = []

    init(job: JobID, copy: Int = 0, firstStroke: Int = 0) {
        self.job = job
        self.copy = copy
        self.firstStroke = firstStroke
    }

    mutating func append(_ vertices: [PlannedInk.Vertex], stepsPerMillimetre: Double) {
        let scale = 1 / (2 * stepsPerMillimetre)
        for vertex in vertices {
            let x = Double(Int64(vertex.motor1) + Int64(vertex.motor2)) * scale
            let y = Double(Int64(vertex.motor1) - Int64(vertex.motor2)) * scale
            points.append(Point(x: Float(x), y: Float(y), isTouching: vertex.isDrawing))
        }
    }

    /// Points of so many an event are sent along; a reader that misses more asks for them.
    static let pointsPerEvent = 250

    /// Points from `start` on as `{job, from, points: [x, y, touching, …]}`, at most `limit` of them.
    func json(device: String, from start: Int, limit: Int) -> JSONValue {
        let first = min(max(0, start), points.count)
        var flat: [JSONValue] = []
        for point in points[first...].prefix(limit) {
            flat.append(.number((Double(point.x) * 100).rounded() / 100))
            flat.append(.number((Double(point.y) * 100).rounded() / 100))
            flat.append(.integer(point.isTouching ? 1 : 0))
        }
        return .object([
            ("device", .string(device)), ("job", .string(job)), ("from", .integer(first)),
            ("count", .integer(points.count)), ("points", .array(flat)),
        ])
    }
}
