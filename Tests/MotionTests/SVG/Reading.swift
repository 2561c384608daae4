internal import Testing

@testable internal import Motion

/// Reads drawings for tests, written as what stands inside an `svg` of 100 × 100 px, one px being one user unit.
enum Reading {
    static let head = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
    static let root = head + "width='100' height='100' fill='none' stroke='black'>"

    static func flat(_ document: String, tolerance: Double = 0.01, _ options: PlotOptions = PlotOptions()) throws
        -> FlatDrawing
    {
        try Pipeline.flatDrawing(of: Array(document.utf8), options: options, tolerance: tolerance)
    }

    /// Polylines in px, rounded to 0.01, as text: `0,0 5,5 | 1,1 2,2`.
    static func lines(_ body: String, root: String = Reading.root) throws -> String {
        let flat = try flat(root + body + "</svg>")
        return (0..<flat.polylines.count).map { i in
            flat.polylines[i].map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
        }.joined(separator: " | ")
    }

    /// Where the document is refused, and why.
    static func fault(_ bytes: [UInt8], budget: DrawingBudget = .standard) -> SVG.ParseError? {
        do {
            _ = try Pipeline.flatDrawing(of: bytes, options: PlotOptions(), tolerance: 0.01, budget: budget)
            return nil
        } catch Pipeline.Failure.unreadable(let error) {
            return error
        } catch {
            return nil
        }
    }

    private static func short(_ millimetres: Double) -> String {
        let px = (millimetres / 25.4 * 96 * 100).rounded() / 100
        return px == px.rounded() ? "\(Int(px))" : "\(px)"
    }
}
