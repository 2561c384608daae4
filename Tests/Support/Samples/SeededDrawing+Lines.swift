internal import Foundation
internal import Motion

/// Drawings of few lines with very many points.
extension SeededDrawing {
    /// Lines of 5,000 points; steps of 0.05 mm, noise of 0.015 mm.
    func drawScan(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let field = SampleField(&random)
        var left = size
        while left > 0 {
            var place = random.point(in: Self.area.expanded(by: -5))
            var turn = random.between(0, 2 * .pi)
            var points: [Point] = []
            for _ in 0..<min(left, 5000) {
                let angle = 1.6 * field(place) + turn
                let next = place + Point(cos(angle) * 0.05, sin(angle) * 0.05)
                if Self.area.contains(next) { place = next } else { turn += 2.2 }
                points.append(place + Point(random.bell() * 0.015, random.bell() * 0.015))
            }
            left -= points.count
            writer.polyline(points)
        }
    }

    /// The smallest power of four that is not below `size` points, along Hilbert's curve.
    func drawHilbert(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        var side = 1
        while side * side < size { side *= 2 }
        let scale = (Self.area.height) / Double(max(1, side - 1))
        let isFlipped = random.below(2) == 1
        let points = (0..<side * side).map { index in
            let (column, row) = Self.hilbertCell(index, side: side)
            let y = Double(isFlipped ? side - 1 - row : row) * scale
            return Point(Self.area.minX + Double(column) * scale, Self.area.minY + y)
        }
        writer.polyline(points)
    }

    /// A cell of Hilbert's curve in a square of `side` cells, a power of two: two bits of the index at a time, from the smallest
    /// square outwards, turning what is inside as needed.
    public static func hilbertCell(_ index: Int, side: Int) -> (column: Int, row: Int) {
        var (column, row) = (0, 0)
        var (rest, square) = (index, 1)
        while square < side {
            switch rest & 3 {
            case 0: (column, row) = (row, column)
            case 1: row += square
            case 2: (column, row) = (column + square, row + square)
            default: (column, row) = (2 * square - 1 - row, square - 1 - column)
            }
            rest >>= 2
            square *= 2
        }
        return (column, row)
    }

    /// 120 turns, points evenly along its length, the radius wobbling a little.
    func drawSpiral(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let middle = Point((Self.area.minX + Self.area.maxX) / 2, (Self.area.minY + Self.area.maxY) / 2)
        let waves = Double(5 + random.below(12))
        let phase = random.between(0, 2 * .pi)
        let points = (0..<size).map { k in
            let share = (Double(k + 1) / Double(size)).squareRoot()
            let angle = 240 * .pi * share
            let radius = share * (Self.area.height / 2 - 1 + 0.35 * sin(waves * angle + phase))
            return middle + Point(radius * cos(angle), radius * sin(angle))
        }
        writer.polyline(points)
    }
}
