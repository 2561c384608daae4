internal import Foundation
internal import Motion

/// A smooth random field over the plane: a few waves in random directions.
struct SampleField {
    private let waves: [(x: Double, y: Double, phase: Double)]

    init(_ random: inout SeededGenerator) {
        waves = (0..<5).map { _ in
            let (angle, pitch) = (random.between(0, 2 * .pi), random.between(0.01, 0.05))
            return (pitch * cos(angle), pitch * sin(angle), random.between(0, 2 * .pi))
        }
    }

    /// Between −5 and 5.
    func callAsFunction(_ p: Point) -> Double {
        waves.reduce(0) { $0 + sin($1.x * p.x + $1.y * p.y + $1.phase) }
    }

    /// The direction that the field has at a place.
    func direction(_ p: Point) -> Point {
        let angle = 1.6 * self(p)
        return Point(cos(angle), sin(angle))
    }
}

/// Drawings of curves.
extension SeededDrawing {
    func drawFlow(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let field = SampleField(&random)
        let step = size <= 2000 ? 4.0 : 2
        for _ in 0..<size {
            var place = random.point(in: Self.area)
            var places: [(at: Point, slope: Point)] = []
            let wanted = 3 + random.below(12)
            while places.count < wanted {
                let slope = field.direction(place)
                places.append((place, slope))
                let next = place + slope * step
                // Turned back at the border: the curve ends there, or starts again further in.
                if !Self.area.contains(next) {
                    if places.count > 1 { break }
                    place = random.point(in: Self.area)
                    places = []
                } else {
                    place = next
                }
            }
            writer.curve(places, step: step, isClosed: false)
        }
    }

    /// Hills of four to sixteen rings; a ring's radius varies with a few harmonics.
    func drawContours(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        var left = size
        while left > 0 {
            let middle = random.point(in: Self.area.expanded(by: -32))
            let widest = random.between(6, 24)
            let harmonics = (2..<7).map { order in
                (order: Double(order), phase: random.between(0, 2 * .pi), size: random.between(0.01, 0.1))
            }
            let rings = 4 + random.below(13)
            for ring in 1...rings where left > 0 {
                left -= 1
                let radius = widest * Double(ring) / Double(rings)
                let count = max(8, Int(radius * 1.6))
                let step = 2 * .pi / Double(count)
                let places = (0..<count).map { k in
                    let angle = Double(k) * step
                    let r = radius * harmonics.reduce(1) { $0 + $1.size * sin($1.order * angle + $1.phase) }
                    let slope =
                        radius * harmonics.reduce(0) { $0 + $1.size * $1.order * cos($1.order * angle + $1.phase) }
                    let (c, s) = (cos(angle), sin(angle))
                    return (at: middle + Point(r * c, r * s), slope: Point(slope * c - r * s, slope * s + r * c))
                }
                writer.curve(places, step: step, isClosed: true)
            }
        }
    }

    /// Circles in the cells of a grid, row by row, left out where the field is low.
    func drawStipple(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let field = SampleField(&random)
        let area = Self.area
        let cell = (area.width * area.height / Double(max(1, size))).squareRoot() * 0.7
        let (columns, rows) = (max(1, Int(area.width / cell)), max(1, Int(area.height / cell)))
        var left = size
        while left > 0 {
            for row in 0..<rows {
                for column in 0..<columns where left > 0 {
                    let corner = Point(area.minX + Double(column) * cell, area.minY + Double(row) * cell)
                    let place = area.clamp(corner + Point(random.unit() * cell, random.unit() * cell))
                    guard random.unit() < 0.5 + 0.1 * field(place) else { continue }
                    writer.circle(place, radius: min(0.5, cell * 0.4) * random.between(0.4, 1))
                    left -= 1
                }
            }
        }
    }
}
