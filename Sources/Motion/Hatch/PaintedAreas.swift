/// What a drawing paints, area by area in paint order: clips applied, fill rules kept.
struct PaintedAreas: Equatable, Sendable {
    struct Area: Equatable, Sendable {
        /// Index into the drawing's styles: layer and ink of the fill.
        var style: Int32
        var isEvenOdd: Bool
        /// Nothing that lies under it shines through.
        var isOpaque: Bool
        /// Its edge is drawn, by the shape's own outline.
        var isOutlined: Bool
        /// The drawing's polylines from here on lie above it, or are its own outline.
        var firstLine: Int32
        /// Its outlines among `rings`.
        var rings: Range<Int32> = 0..<0
    }

    private(set) var areas: [Area] = []
    /// mm on the page; each is closed by the straight line that filling adds.
    private(set) var rings = Polylines()
    /// Fills of these colours leave no ink.
    var paperColours: [PenColour] = []

    var count: Int { areas.count }

    /// Adds an area above all others; one without outlines is not kept.
    mutating func append(_ outlines: some Sequence<[Point]>, as area: Area) {
        let first = Int32(rings.count)
        for outline in outlines where outline.count > 2 { rings.append(outline) }
        guard rings.count > Int(first) else { return }
        var area = area
        area.rings = first..<Int32(rings.count)
        areas.append(area)
    }

    /// The outlines of one area.
    func outlines(of area: Int) -> [ArraySlice<Point>] { areas[area].rings.map { rings[Int($0)] } }
}
