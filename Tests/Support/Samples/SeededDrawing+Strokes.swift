internal import Foundation
internal import Motion

/// Drawings of straight strokes.
extension SeededDrawing {
    /// Ellipses filled with 40 parallel lines each; patches follow in random order.
    func drawHatch(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let area = Self.area
        let lines = 40
        let patch = (area.width * area.height * Double(lines) / Double(max(size, lines))).squareRoot()
        var left = size
        while left > 0 {
            let half = Point(patch * random.between(0.4, 0.8), patch * random.between(0.4, 0.8))
            let middle = random.point(in: area)
            let angle = random.between(0, .pi)
            let (c, s) = (cos(angle), sin(angle))
            for k in 0..<min(lines, left) {
                // Across the ellipse −1…1; the chord there, a little of it missing at either end.
                let across = (2 * Double(k) + 1) / Double(lines) - 1
                let chord = (1 - across * across).squareRoot()
                let ends = [-chord * random.between(0.9, 1), chord * random.between(0.9, 1)].map { along in
                    area.clamp(
                        Point(
                            middle.x + c * along * half.x - s * across * half.y,
                            middle.y + s * along * half.x + c * across * half.y))
                }
                writer.polyline(ends)
            }
            left -= lines
        }
    }

    /// Letters on a lattice of 3 × 5, of an alphabet made from the seed.
    func drawText(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let alphabet = (0..<26).map { _ in
            (0..<1 + random.below(3)).map { _ in
                (0..<2 + random.below(4)).map { _ in Point(Double(random.below(3)) / 2, Double(random.below(5)) / 4) }
            }
        }
        let area = Self.area
        // Two strokes a letter on average; a letter takes twice as much height as width.
        let columns = max(8, Int((Double(size) / 2 * 2 * area.width / area.height).squareRoot()))
        let width = area.width / Double(columns)
        writer.beginGroup()
        defer { writer.endGroup() }
        var left = size
        var place = 0
        while left > 0 {
            let corner = Point(
                area.minX + Double(place % columns) * width,
                area.minY + (Double(place / columns) * 2 * width).truncatingRemainder(dividingBy: area.height * 0.95))
            place += 1
            if random.unit() < 0.15 { continue }
            let slant = random.between(-0.1, 0.1)
            writer.beginGroup()
            for stroke in alphabet[random.below(alphabet.count)].prefix(left) {
                writer.polyline(
                    stroke.map { p in
                        area.clamp(
                            corner + Point((p.x * 0.7 + slant * (1 - p.y)) * width, p.y * 1.4 * width))
                    })
                left -= 1
            }
            writer.endGroup()
        }
    }

    /// A trunk from left to right; every third commit on it begins a branch that drifts away.
    func drawTree(_ size: Int, _ writer: inout SampleWriter, _ random: inout SeededGenerator) {
        let area = Self.area
        let step = area.width * 5 / Double(max(size, 10))
        var trunk = Point(area.minX, (area.minY + area.maxY) / 2)
        var left = size
        while left > 0 {
            let next = area.clamp(trunk + Point(step * random.between(0.1, 0.9), random.bell()))
            writer.polyline([trunk, next])
            left -= 1
            trunk = next.x < area.maxX ? next : Point(area.minX, random.between(area.minY, area.maxY))
            guard random.below(3) == 0 else { continue }
            var tip = next
            let drift = random.between(-3, 3)
            for _ in 0..<min(left, 1 + random.below(24)) {
                let grown = area.clamp(tip + Point(step * random.between(0, 1), drift + random.bell()))
                writer.polyline([tip, grown])
                tip = grown
                left -= 1
            }
        }
    }
}
