internal import Foundation
internal import TestSupport

/// Drawings as programs export them, made from a seed; units are mm on 297 × 210.
enum RealDrawing: String, CaseIterable {
    /// Rows of letters as outlines: two closed loops for most, with corners and smooth sides.
    case outlines
    /// Curves as a program writes them line by line: a `<line>` of its own for every piece.
    case lines
    /// Stippling by short dashes.
    case dashes
    /// Long wavy rows, as of an image in squiggles.
    case squiggles

    /// - Parameter size: letters, lines, dashes; of squiggles waves.
    func svg(size: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\""
            + " fill=\"none\" stroke=\"black\">\n"
        switch self {
        case .outlines: Self.drawOutlines(size, &text, &random)
        case .lines: Self.drawLines(size, &text, &random)
        case .dashes: Self.drawDashes(size, &text, &random)
        case .squiggles: Self.drawSquiggles(size, &text, &random)
        }
        return Array((text + "</svg>\n").utf8)
    }

    private static func pair(_ x: Double, _ y: Double) -> String {
        "\((x * 1000).rounded() / 1000) \((y * 1000).rounded() / 1000)"
    }

    /// An ellipse by four arcs, from its right side on.
    private static func ellipse(_ x: Double, _ y: Double, _ rx: Double, _ ry: Double) -> String {
        "M\(pair(x + rx, y))A\(pair(rx, ry)) 0 0 1 \(pair(x - rx, y))A\(pair(rx, ry)) 0 0 1 \(pair(x + rx, y))Z"
    }

    private static func drawOutlines(_ size: Int, _ text: inout String, _ random: inout SeededGenerator) {
        let height = min(12, 160 / Double(max(1, size)).squareRoot() + 1)
        let (width, stem) = (height * 0.6, height * 0.12)
        var (x, y) = (12.0, 12.0)
        for _ in 0..<size {
            let (w, h) = (width * random.between(0.8, 1.1), height * random.between(0.6, 1))
            let top = y + height - h
            switch random.below(4) {
            case 0:
                text += "<path d=\"" + ellipse(x + w / 2, top + h / 2, w / 2, h / 2)
                text += ellipse(x + w / 2, top + h / 2, w / 2 - stem, h / 2 - stem) + "\"/>\n"
            case 1: text += "<path d=\"M\(pair(x, top))h\(stem)v\(h)h\(-stem)z\"/>\n"
            case 2:
                let (r, inner) = (h / 2, h / 2 - stem)
                text += "<path d=\"M\(pair(x, top))H\(x + w - r)A\(pair(r, r)) 0 0 1 \(pair(x + w - r, top + h))H\(x)Z"
                text += "M\(pair(x + stem, top + stem))H\(x + w - r)A\(pair(inner, inner)) 0 0 1"
                text += " \(pair(x + w - r, top + h - stem))H\(x + stem)Z\"/>\n"
            default:
                text += "<path d=\"M\(pair(x, top + h))L\(pair(x + w / 2, top))L\(pair(x + w, top + h))h\(-stem)"
                text += "L\(pair(x + w / 2, top + 3 * stem))L\(pair(x + stem, top + h))Z\"/>\n"
            }
            x += w + height * 0.15
            if x > 280 { (x, y) = (12, y + height * 1.5) }
        }
    }

    private static func drawLines(_ size: Int, _ text: inout String, _ random: inout SeededGenerator) {
        var (x, y, angle, left) = (0.0, 0.0, 0.0, 0)
        for _ in 0..<size {
            if left == 0 {
                (x, y, angle) = (random.between(30, 260), random.between(30, 180), random.between(0, 6.28))
                left = 40 + random.below(200)
            }
            left -= 1
            angle += random.between(-0.25, 0.25)
            let (nextX, nextY) = (x + 0.12 * cos(angle), y + 0.12 * sin(angle))
            // As a renderer has it: either end may come first.
            let isTurned = random.below(8) == 0
            let (a, b) = isTurned ? ((nextX, nextY), (x, y)) : ((x, y), (nextX, nextY))
            text += "<line x1=\"\(a.0)\" y1=\"\(a.1)\" x2=\"\(b.0)\" y2=\"\(b.1)\"/>\n"
            (x, y) = (nextX, nextY)
        }
    }

    private static func drawDashes(_ size: Int, _ text: inout String, _ random: inout SeededGenerator) {
        for _ in 0..<size {
            let (x, y) = (random.between(15, 280), random.between(15, 195))
            let (angle, length) = (x / 40 + y / 60 + random.between(-0.2, 0.2), random.between(0.3, 1.2))
            text += "<path d=\"M\(pair(x, y))L\(pair(x + length * cos(angle), y + length * sin(angle)))\"/>\n"
        }
    }

    private static func drawSquiggles(_ size: Int, _ text: inout String, _ random: inout SeededGenerator) {
        let rows = max(1, Int((Double(size) / 4).squareRoot()))
        let step = 270 / max(1, Double(size) / Double(rows))
        for row in 0..<rows {
            let y = 15 + 180 * (Double(row) + 0.5) / Double(rows)
            var (x, side) = (13.0, 1.0)
            text += "<path d=\"M\(pair(x, y))"
            while x < 283 {
                let high = random.between(0.05, 0.45) * 180 / Double(rows)
                text += "Q\(pair(x + step / 2, y + side * high)) \(pair(x + step, y))"
                (x, side) = (x + step, -side)
            }
            text += "\"/>\n"
        }
    }
}
