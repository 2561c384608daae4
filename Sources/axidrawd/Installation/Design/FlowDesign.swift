internal import Motion

extension DesignKind {
    /// Evenly spaced streamlines of a random field (after Jobard and Lefer, 1997).
    static let flow = DesignKind(
        name: "flow", summary: "evenly spaced lines that follow a random field",
        parameters: [
            Parameter(name: "spacing", summary: "distance between lines, mm", standard: 2.2, low: 0.5, high: 20),
            Parameter(name: "scale", summary: "size of the whirls, mm", standard: 90, low: 10, high: 1_000),
        ],
        make: { context throws(DesignError) in
            var field = Streamlines(context: &context)
            field.grow()
            let (thin, rich) = field.split()
            return [
                Layer(name: "flow", colour: "#1b3a57", strokes: thin),
                Layer(name: "accent", colour: "#c8553d", strokes: rich),
            ]
        })

    private typealias Layer = DesignDrawing.Layer
}

/// Grows streamlines until no place is left that is far enough from all of them.
private struct Streamlines {
    private let noise: DesignNoise
    private let frame: (left: Double, top: Double, right: Double, bottom: Double)
    private let spacing: Double
    private let scale: Double
    private let step: Double
    private let bend: Double
    private let columns: Int
    private let rows: Int
    /// Points already drawn, by cell of side `spacing`.
    private var cells: [[Point]]
    private var lines: [[Point]] = []
    /// Bounds the work on large pages with fine spacing.
    private var pointsLeft = 60_000

    init(context: inout DesignKind.Context) {
        noise = DesignNoise(using: &context.random)
        frame = context.frame
        let area = (frame.right - frame.left) * (frame.bottom - frame.top)
        // Never more line than about 45 m, whatever is asked for.
        spacing = max(context["spacing"], area / 45_000)
        scale = context["scale"]
        step = min(1, spacing / 2)
        bend = context.random.between(0.7, 1.3)
        columns = Int((frame.right - frame.left) / spacing) + 1
        rows = Int((frame.bottom - frame.top) / spacing) + 1
        cells = Array(repeating: [], count: columns * rows)
    }

    mutating func grow() {
        let middle = Point((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2)
        add(line(from: middle))
        var next = 0
        // Each line offers starts beside itself; the field is full when all have been tried.
        while next < lines.count, pointsLeft > 0 {
            let parent = lines[next]
            next += 1
            for place in stride(from: 0, to: parent.count, by: 3) {
                let direction = direction(at: parent[place])
                for side in [-1.0, 1.0] {
                    let start = Point(
                        parent[place].x - side * direction.y * spacing, parent[place].y + side * direction.x * spacing)
                    if isFree(start, distance: spacing * 0.98) { add(line(from: start)) }
                }
            }
        }
    }

    /// Every seventh long line is drawn with the second pen.
    func split() -> (first: [[Point]], second: [[Point]]) {
        let long = lines.filter { $0.count > 8 }
        let isSecond = { (place: Int) in place % 7 == 3 }
        return (
            long.indices.filter { !isSecond($0) }.map { long[$0] }, long.indices.filter(isSecond).map { long[$0] }
        )
    }

    private func direction(at point: Point) -> (x: Double, y: Double) {
        let angle = DesignMath.turn * bend * noise.hills(point.x / scale, point.y / scale, octaves: 2)
        return (DesignMath.cosine(angle), DesignMath.sine(angle))
    }

    private func cell(of point: Point) -> (column: Int, row: Int) {
        (Int((point.x - frame.left) / spacing), Int((point.y - frame.top) / spacing))
    }

    private func isFree(_ point: Point, distance: Double) -> Bool {
        guard point.x >= frame.left, point.x <= frame.right, point.y >= frame.top, point.y <= frame.bottom else {
            return false
        }
        let (column, row) = cell(of: point)
        for r in max(0, row - 1)...min(rows - 1, row + 1) {
            for c in max(0, column - 1)...min(columns - 1, column + 1) {
                for other in cells[r * columns + c] {
                    let (dx, dy) = (other.x - point.x, other.y - point.y)
                    if dx * dx + dy * dy < distance * distance { return false }
                }
            }
        }
        return true
    }

    /// Follows the field both ways until another line, the frame or itself comes near.
    private func line(from start: Point) -> [Point] {
        let forward = half(from: start, sign: 1, avoiding: [])
        let backward = half(from: start, sign: -1, avoiding: forward)
        return backward.reversed() + [start] + forward
    }

    private func half(from start: Point, sign: Double, avoiding other: [Point]) -> [Point] {
        var points: [Point] = []
        var place = start
        // Lines that turn in circles end after three rounds of the frame.
        while points.count < 900 {
            let here = direction(at: place)
            let middle = Point(place.x + sign * step / 2 * here.x, place.y + sign * step / 2 * here.y)
            let there = direction(at: middle)
            let next = Point(place.x + sign * step * there.x, place.y + sign * step * there.y)
            guard isFree(next, distance: spacing * 0.6), !comesBack(next, to: points), !comesBack(next, to: other)
            else { break }
            points.append(next)
            place = next
        }
        return points
    }

    /// Whether a line runs into an older part of itself.
    private func comesBack(_ point: Point, to points: [Point]) -> Bool {
        let limit = spacing * spacing * 0.36
        let recent = Int(spacing / step) + 2
        return points.dropLast(recent).contains { other in
            let (dx, dy) = (other.x - point.x, other.y - point.y)
            return dx * dx + dy * dy < limit
        }
    }

    private mutating func add(_ line: [Point]) {
        guard line.count > 4 else { return }
        pointsLeft -= line.count
        lines.append(line)
        for point in line {
            let (column, row) = cell(of: point)
            let index = min(rows - 1, max(0, row)) * columns + min(columns - 1, max(0, column))
            cells[index].append(point)
        }
    }
}
