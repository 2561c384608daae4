/// Four kinds of drawing that a small machine has to take: 10 MB of circles, 100,000 strokes, a path of a million points, and
/// 5,000 circles cut by a rectangle; or the same in small.
public enum LargeDrawing: String, CaseIterable, Sendable {
    case circles, strokes, path, clipped

    private static let page = (width: 297.0, height: 210.0)

    /// - Parameter share: of the full size, 0…1.
    public func bytes(share: Double, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        func place(_ random: inout SeededGenerator) -> (String, String) {
            (
                Self.text(Double.random(in: 5...Self.page.width - 5, using: &random)),
                Self.text(Double.random(in: 5...Self.page.height - 5, using: &random))
            )
        }
        func circle(_ radius: String, _ random: inout SeededGenerator) -> String {
            let (x, y) = place(&random)
            return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\"/>\n"
        }
        var body: [UInt8] = []
        switch self {
        case .circles:
            while body.count < Int(10e6 * share) { body += circle("0.5", &random).utf8 }
        case .strokes:
            for _ in 0..<Int(100_000 * share) {
                let (x, y) = place(&random)
                let way = (0..<3).map { _ in Self.text(Double.random(in: -2...2, using: &random)) }
                body += "<path d=\"M\(x) \(y)l\(way[0]) \(way[1]) \(way[2]) \(way[0])\"/>\n".utf8
            }
        case .path:
            var (x, y, heading) = (150.0, 100.0, 0.0)
            body += "<path d=\"M150 100".utf8
            for _ in 0..<Int(1e6 * share) {
                heading += Double.random(in: -0.6...0.6, using: &random)
                // A turn back where the page ends; the direction by a short series is exact enough for a scribble.
                (x, y) = (x + 0.3 * Self.wave(heading + 1.5708), y + 0.3 * Self.wave(heading))
                if x < 10 || x > 287 || y < 10 || y > 200 { heading += 1.6 }
                (x, y) = (min(max(x, 10), 287), min(max(y, 10), 200))
                body += "L\(Self.text(x)) \(Self.text(y))".utf8
            }
            body += "\"/>".utf8
        case .clipped:
            body += "<clipPath id=\"c\"><rect x=\"40\" y=\"30\" width=\"200\" height=\"150\"/></clipPath>".utf8
            body += "<g clip-path=\"url(#c)\">\n".utf8
            for _ in 0..<Int(5000 * share) {
                body += circle(Self.text(Double.random(in: 1...30, using: &random)), &random).utf8
            }
            body += "</g>".utf8
        }
        let root =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\" "
            + "fill=\"none\" stroke=\"black\">\n"
        return Array(root.utf8) + body + Array("</svg>\n".utf8)
    }

    /// To 0.01.
    private static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths.magnitude % 100
        return (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
    }

    /// About the sine: a parabola in each half of the circle.
    private static func wave(_ angle: Double) -> Double {
        let turns = angle / (2 * Double.pi)
        let part = (turns - turns.rounded(.down)) * 2
        return part < 1 ? 4 * part * (1 - part) : -4 * (part - 1) * (2 - part)
    }
}
