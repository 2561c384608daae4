/// Fills the areas of one drawing with lines, on its page before it is placed.
struct Hatcher {
    private let hatch: Hatch
    private let areas: PaintedAreas
    /// By style: ink of the fill.
    private let styles: [FlatDrawing.Style]
    /// Whether the areas of a style are drawn at all.
    private let isChosen: [Bool]
    /// Page units a millimetre of paper.
    private let unit: Double
    private let inset: Double
    /// Areas of each layer that have been hatched, for patterns that change from one to the next.
    private var counts: [Int: Int] = [:]
    /// Areas whose fill leaves no ink, and lines that were made.
    private(set) var paleCount = 0
    private(set) var lineCount = 0

    /// How far the rounded corners of contours may be off, mm of paper.
    private static let chord = 0.005
    /// Shorter pieces leave no line, mm.
    private static let shortest = 0.02

    /// Crossings of lines with edges beyond which a hatching is refused.
    static let mostCrossings = 2_000_000.0

    /// - Parameters:
    ///   - scale: by which the drawing grows when it is placed.
    ///   - isChosen: by style.
    init(_ hatch: Hatch, of drawing: FlatDrawing, penWidth: Double, scale: Double, isChosen: [Bool]) {
        self.hatch = hatch
        areas = drawing.areas ?? PaintedAreas()
        styles = drawing.styles
        self.isChosen = isChosen
        unit = scale > 0 && scale.isFinite ? 1 / scale : 1
        inset = penWidth / 2 * unit
    }

    /// Spacing on the page of the lines in an area; nil = none are drawn.
    private func spacing(_ area: Int) -> Double? {
        let style = Int(areas.areas[area].style)
        guard isChosen[style] else { return nil }
        if let fill = styles[style].fill, areas.paperColours.contains(fill) { return nil }
        return hatch.spacing(for: styles[style].fill).map { $0 * unit }
    }

    private func rows(_ area: Int, _ frame: HatchFrame, _ spacing: Double) -> HatchRows {
        HatchRows(
            rings: areas.outlines(of: area).map { $0.map { frame($0) } }, isEvenOdd: areas.areas[area].isEvenOdd,
            spacing: spacing, inset: inset)
    }

    /// Throws when the whole hatching would be too dense, with a spacing that is not.
    ///
    /// - Complexity: O(points).
    func check() throws(PlanError) {
        var sum = 0.0
        for area in 0..<areas.count {
            guard let spacing = spacing(area) else { continue }
            var box = Box()
            for ring in areas.outlines(of: area) {
                for p in ring { box.include(p) }
                sum += estimate(ring, spacing)
            }
            // Every contour is sought along every edge.
            guard hatch.pattern == .contour else { continue }
            let levels = min(box.width, box.height) / 2 / spacing
            sum += levels * Double(areas.outlines(of: area).reduce(0) { $0 + $1.count })
        }
        guard sum > Self.mostCrossings else { return }
        let wanted = hatch.spacing * sum / Self.mostCrossings
        let step = wanted < 1 ? 0.01 : wanted < 10 ? 0.1 : 1
        let enough = ((wanted / step).rounded(.up) * step * 100).rounded() / 100
        throw .tooLarge(
            "hatching it every \(hatch.spacing) mm would take more than \(Int(Self.mostCrossings / 2)) lines; a spacing"
                + " of \(enough) mm would do")
    }

    /// Crossings of rows, or rings, with an outline: however lines lie, they cross it no oftener than its length allows.
    private func estimate(_ ring: ArraySlice<Point>, _ spacing: Double) -> Double {
        var sum = 0.0
        for k in ring.indices.dropLast() { sum += ring[k].distance(to: ring[k + 1]) + 2 * inset }
        return sum / spacing * (hatch.pattern == .cross ? 2 : 1)
    }

    /// The lines of an area on the page.
    ///
    /// - Parameters:
    ///   - check: asked every few milliseconds; throws once the work is to end.
    ///   - seen: what others leave of a straight line.
    mutating func lines(
        of area: Int, check: () throws(PlanError) -> Void, seen: (Point, Point) -> [(from: Double, to: Double)]
    ) throws(PlanError) -> [[Point]] {
        let style = Int(areas.areas[area].style)
        guard isChosen[style] else { return [] }
        guard let spacing = spacing(area) else {
            paleCount += 1
            return []
        }
        let layer = styles[style].layer
        let count = counts[layer, default: 0]
        counts[layer] = count + 1
        var result: [[Point]] = []
        if hatch.pattern == .contour {
            var contours = HatchContours(
                areas.outlines(of: area), isEvenOdd: areas.areas[area].isEvenOdd, tolerance: Self.chord * unit)
            let first = areas.areas[area].isOutlined ? max(spacing, inset) : inset
            for ring in try contours.rings(first: first, spacing: spacing, check: check) {
                try check()
                let line = TracedLine(points: ring, isClosed: ring.first == ring.last)
                result += line.parts(seen).map { parts in parts.map(\.points) } ?? [ring]
            }
        }
        for degrees in hatch.angles(area: count) {
            try check()
            let frame = HatchFrame(degrees: degrees)
            var rows = rows(area, frame, spacing)
            let pieces = rows.pieces().flatMap { self.seen($0, rows, frame, seen) }
            var chains = HatchChains(rows)
            let lines = chains.joined(pieces) { p, q in
                let left = seen(frame.page(p), frame.page(q))
                return left.count == 1 && left[0] == (0, 1)
            }
            result += lines.map { $0.map { frame.page($0) } }
        }
        lineCount += result.count
        return result
    }

    /// What is seen of a piece, as pieces: they keep half the pen from what hides them, as from edges, so that links along
    /// it are seen as well.
    private func seen(
        _ piece: HatchPiece, _ rows: HatchRows, _ frame: HatchFrame,
        _ seen: (Point, Point) -> [(from: Double, to: Double)]
    ) -> [HatchPiece] {
        let y = rows.height(of: piece.row)
        let length = piece.to - piece.from
        return seen(frame.page(Point(piece.from, y)), frame.page(Point(piece.to, y))).compactMap { part in
            let from = length * part.from + (part.from > 0 ? inset : 0)
            let to = length * part.to - (part.to < 1 ? inset : 0)
            guard to - from >= Self.shortest else { return nil }
            return HatchPiece(row: piece.row, from: piece.from + from, to: piece.from + to)
        }
    }

    /// What is told of the hatching as a whole.
    var notes: [Diagnostic] {
        guard paleCount > 0 else { return [] }
        return [
            Diagnostic(
                .info, code: "hatch-paper", message: "fills of the paper's colour, or nearly so, are not hatched",
                count: paleCount)
        ]
    }
}
