public import Motion

/// Drawings of the kinds that plotters get, made from a seed: the same bytes everywhere.
///
/// The page is 297 × 210 mm with a margin of 10 mm, user units are mm. `size` counts strokes; for `scan`, `hilbert` and
/// `spiral`, points.
public enum SeededDrawing: String, CaseIterable, Sendable {
    /// Patches of parallel lines.
    case hatch
    /// Open curves along a smooth field of directions.
    case flow
    /// Nested closed curves.
    case contours
    /// Small circles, denser in places.
    case stipple
    /// Rows of letters of few short strokes, each letter a group of its own.
    case text
    /// A history with branches: every edge a path of its own, neighbours share their ends.
    case tree
    /// Long wandering lines of short steps with noise, as traced from a scan.
    case scan
    /// One curve that fills the page, all right angles.
    case hilbert
    /// One curve from the middle outwards, finely flattened.
    case spiral

    /// Bounds of everything that is drawn, mm.
    public static let area = Box(minX: 10, minY: 10, maxX: 287, maxY: 200)

    /// The drawing as a file.
    public func svg(size: Int, seed: UInt64) -> [UInt8] {
        var writer = SampleWriter()
        var random = SeededGenerator(seed: seed)
        switch self {
        case .hatch: drawHatch(size, &writer, &random)
        case .flow: drawFlow(size, &writer, &random)
        case .contours: drawContours(size, &writer, &random)
        case .stipple: drawStipple(size, &writer, &random)
        case .text: drawText(size, &writer, &random)
        case .tree: drawTree(size, &writer, &random)
        case .scan: drawScan(size, &writer, &random)
        case .hilbert: drawHilbert(size, &writer, &random)
        case .spiral: drawSpiral(size, &writer, &random)
        }
        return writer.document
    }

    /// The drawing as the reader hands it on.
    ///
    /// - Parameter tolerance: of flattening, mm.
    public func flat(size: Int, seed: UInt64, tolerance: Double = 0.01) throws -> FlatDrawing {
        try Pipeline.flatDrawing(of: svg(size: size, seed: seed), options: PlotOptions(), tolerance: tolerance)
    }
}

extension SeededGenerator {
    /// Uniform in a range.
    public mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    /// Uniform in 0 ..< bound.
    public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// A place in a box.
    public mutating func point(in box: Box) -> Point {
        Point(between(box.minX, box.maxX), between(box.minY, box.maxY))
    }

    /// About normal, mean 0, deviation 1: the sum of twelve uniform numbers.
    public mutating func bell() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + unit() } }
}
