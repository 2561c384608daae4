internal import Foundation
internal import Motion
internal import TestSupport

/// Kinds of small drawings.
enum RandomDrawing: String, CaseIterable {
    case zigzag, star, smooth, squiggle, walk, circles, comb, spiral, nested, hilbert, dots, jitter, lines, chips, boxes
    case sine

    func strokes(_ random: inout SeededGenerator) -> PlannedStrokes {
        var lines = Polylines()
        for _ in 0..<(1 + Int(random.unit() * 3)) {
            var shapes = RandomShapes(random)
            for line in paths(&shapes) {
                for point in line { lines.append(point) }
                lines.finish()
            }
            random = shapes.random
        }
        return PlannedStrokes(
            polylines: lines, layers: [.init(name: nil, strokes: 0..<lines.count, colour: nil)],
            pageOrigin: Point(0, 0), page: Size(width: 297, height: 210))
    }

    private func paths(_ shapes: inout RandomShapes) -> [[Point]] {
        switch self {
        case .zigzag: [shapes.zigzag()]
        case .star: [shapes.ring(2 * Int(shapes.between(3, 16)), shapes.log(0.5, 30), inner: shapes.between(0.2, 0.9))]
        case .smooth: [shapes.lissajous()]
        case .squiggle: [shapes.wander(150, shapes.log(0.15, 1.5), turn: 0.12, memory: 0.9)]
        case .walk: [shapes.wander(60, shapes.log(0.2, 6), turn: shapes.between(0.3, 2.6), memory: 0)]
        case .circles: [shapes.ring(Int(shapes.log(8, 120)), shapes.log(0.1, 20), inner: 1)]
        case .comb: [shapes.comb()]
        case .spiral: [shapes.spiral()]
        case .nested: shapes.nested()
        case .hilbert: [shapes.hilbert()]
        case .dots: (0..<4).map { shapes.ring(8 + $0 * 3, shapes.log(0.05, 1), inner: 1) }
        case .jitter: [shapes.jitter()]
        case .lines: (0..<4).map { _ in shapes.wander(2, shapes.log(0.1, 80), turn: 3, memory: 0) }
        case .chips: (0..<4).map { _ in shapes.wander(5, shapes.log(0.1, 1.5), turn: 2.6, memory: 0) }
        case .boxes: [shapes.box()]
        case .sine: [shapes.sine()]
        }
    }
}

/// Makes lines of random sizes, mm, near the middle of a sheet.
private struct RandomShapes {
    var random: SeededGenerator
    private let middle: Point

    init(_ random: SeededGenerator) {
        self.random = random
        middle = Point(self.random.between(100, 190), self.random.between(80, 130))
    }

    mutating func between(_ low: Double, _ high: Double) -> Double { random.between(low, high) }
    mutating func log(_ low: Double, _ high: Double) -> Double {
        exp(random.between(Foundation.log(low), Foundation.log(high)))
    }

    /// Points around the middle, turned by any angle.
    private mutating func turned(_ points: [Point]) -> [Point] {
        let angle = between(0, 2 * Double.pi)
        let (c, s) = (cos(angle), sin(angle))
        return points.map { p -> Point in
            let (x, y): (Double, Double) = (p.x * c - p.y * s, p.x * s + p.y * c)
            return Point(middle.x + x, middle.y + y)
        }
    }

    /// A closed ring of vertices at one or two distances from its middle.
    mutating func ring(_ count: Int, _ radius: Double, inner: Double) -> [Point] {
        let phase = between(0, 6)
        return (0...count).map { k -> Point in
            let angle: Double = phase + 2 * Double.pi * Double(k % count) / Double(count)
            let r = k % 2 == 0 || k == count ? radius : radius * inner
            return Point(middle.x + r * cos(angle), middle.y + r * sin(angle))
        }
    }

    /// A walk whose heading, or with a memory its bend, changes at random.
    mutating func wander(_ count: Int, _ step: Double, turn: Double, memory: Double) -> [Point] {
        var (place, heading, bend) = (middle, between(0, 6.28), 0.0)
        return (0..<count).map { _ in
            bend = memory * bend + between(-turn, turn)
            heading += bend
            let (x, y): (Double, Double) = (place.x + step * cos(heading), place.y + step * sin(heading))
            place = Point(min(max(x, 5), 290), min(max(y, 5), 205))
            return place
        }
    }

    mutating func zigzag() -> [Point] {
        let (pitch, height) = (log(0.1, 4), log(0.05, 10))
        return turned(
            (0..<40).map { k -> Point in
                let (x, y): (Double, Double) = (Double(k - 20), Double(k % 2))
                return Point(x * pitch, y * height)
            })
    }

    mutating func comb() -> [Point] {
        let (pitch, height) = (log(0.1, 3), log(0.2, 15))
        return turned(
            (0..<40).map { k -> Point in
                let isUp = (k + 1) / 2 % 2 != 0
                return Point(Double(k / 2) * pitch, isUp ? height : 0)
            })
    }

    mutating func lissajous() -> [Point] {
        let (a, b, size) = (between(1, 5).rounded(.down), between(1, 5).rounded(.down), log(1, 30))
        let count = Int(log(40, 600))
        return (0...count).map { k -> Point in
            let t = 2 * Double.pi * Double(k) / Double(count)
            let (x, y) = (sin(a * t), cos(b * t + 0.3))
            return Point(middle.x + size * x, middle.y + size * y)
        }
    }

    mutating func spiral() -> [Point] {
        let (turns, pitch) = (between(2, 6), log(0.2, 4))
        let count = Int(turns * log(10, 80))
        return (0...count).map { k -> Point in
            let t = Double(k) / Double(count) * turns
            let angle = 2 * Double.pi * t
            return Point(middle.x + pitch * t * cos(angle), middle.y + pitch * t * sin(angle))
        }
    }

    mutating func nested() -> [[Point]] {
        let (size, gap) = (log(2, 20), log(0.1, 1))
        return (0..<4).map { k in
            let r = max(0.2, size - gap * Double(k))
            let (left, right, top, low) = (middle.x - r, middle.x + r, middle.y - r, middle.y + r)
            return [Point(left, top), Point(right, top), Point(right, low), Point(left, low), Point(left, top)]
        }
    }

    mutating func box() -> [Point] {
        let (w, h) = (log(0.2, 30), log(0.2, 30))
        return turned([Point(0, 0), Point(w, 0), Point(w, h), Point(0, h), Point(0, 0)])
    }

    /// A line with noise.
    mutating func jitter() -> [Point] {
        let (step, noise) = (log(0.1, 2), log(0.002, 0.3))
        return turned((0..<100).map { k -> Point in Point(Double(k - 50) * step, between(-noise, noise)) })
    }

    mutating func sine() -> [Point] {
        let (length, height, count) = (log(0.5, 20), log(0.1, 10), Int(log(6, 40)))
        return turned(
            (0...(count * 4)).map { k -> Point in
                let t = Double(k) / Double(count)
                return Point(t * length, height * sin(2 * Double.pi * t))
            })
    }

    mutating func hilbert() -> [Point] {
        let cell = log(0.3, 5)
        return (0..<64).map { index in
            let (x, y) = SeededDrawing.hilbertCell(index, side: 8)
            return Point(middle.x + Double(x) * cell, middle.y + Double(y) * cell)
        }
    }
}
