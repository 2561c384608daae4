internal import Testing

@testable internal import Motion

/// Reads text for tests, one px being one user unit. The letter I of `plain` is a line from (10, 0) to (10, −70) at font size
/// 100, 20 wide; a blank is 28 wide.
enum TextDrawing {
    static let root = Reading.head + "width='100' height='100' font-size='100'>"

    static func flat(
        _ body: String, font: PenFont = .plain, budget: DrawingBudget = .standard, _ options: PlotOptions = .init()
    ) throws -> FlatDrawing {
        var options = options
        options.text = font
        return try Pipeline.flatDrawing(
            of: Array((root + body + "</svg>").utf8), options: options, tolerance: 0.002, budget: budget)
    }

    /// Polylines in px, rounded to 0.1: `10,80 10,10 | 30,80 30,10`.
    static func lines(_ body: String, font: PenFont = .plain) throws -> String {
        let flat = try flat(body, font: font)
        return (0..<flat.polylines.count).map { i in
            flat.polylines[i].map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
        }.joined(separator: " | ")
    }

    static func short(_ millimetres: Double) -> String {
        let px = (millimetres / 25.4 * 96 * 10).rounded() / 10 + 0
        return px == px.rounded() ? "\(Int(px))" : "\(px)"
    }
}
