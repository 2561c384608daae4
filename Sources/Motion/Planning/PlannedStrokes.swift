/// What is drawn, in drawing order, in machine coordinates: strokes placed, cut, joined and ordered.
public struct PlannedStrokes: Sendable {
    /// A run of strokes drawn with one pen without a person in between.
    public struct Layer: Equatable, Sendable {
        public var name: String?
        /// Strokes of this layer, as indexes into `polylines`.
        public var strokes: Range<Int>
        /// Colour of all its strokes; nil when they differ or the drawing gives none.
        public var colour: PenColour?
        public var codes: LayerCodes

        public init(name: String?, strokes: Range<Int>, colour: PenColour?, codes: LayerCodes = LayerCodes()) {
            self.name = name
            self.strokes = strokes
            self.colour = colour
            self.codes = codes
        }
    }

    /// Strokes in drawing order; one point is a dot.
    public var polylines: Polylines
    /// In drawing order, together covering every stroke exactly once.
    public var layers: [Layer]
    /// The page in machine coordinates after rotation and origin, for pictures.
    public var pageOrigin: Point
    public var page: Size
    public var diagnostics: [Diagnostic]
    /// Whether nearly all of the tolerance is left to the moves of a stroke, one a stroke; empty where it is to none.
    public var isExact: [Bool]
    /// Ink of each stroke for pictures, nil where the drawing gives none; empty where only the layers' are known.
    public var colours: [PenColour?]
    /// Where the plot waits for a person, in the order of their strokes.
    public var stops: [PlotStop]
    /// Layers of the drawing, also those that were not chosen.
    public var offered: [OfferedLayer] = []
    /// What lies outside page or machine and is not drawn, where it would be; the first 40,000 points of it.
    public var lost = Polylines()
    /// Tiles of a drawing that is larger than the machine, in drawing order; empty where it is drawn in one. `pageOrigin` and
    /// `page` are then those of each tile.
    public var tiles: [Tile] = []
    /// The page that the tiles make up, mm; nil where there are none.
    public var sheet: Size?

    public init(
        polylines: Polylines, layers: [Layer], pageOrigin: Point, page: Size, diagnostics: [Diagnostic] = [],
        isExact: [Bool] = [], colours: [PenColour?] = [], stops: [PlotStop] = []
    ) {
        self.polylines = polylines
        self.layers = layers
        self.pageOrigin = pageOrigin
        self.page = page
        self.diagnostics = diagnostics
        self.isExact = isExact
        self.colours = colours
        self.stops = stops
    }

    /// The ink of a stroke of a layer.
    public func colour(ofStroke stroke: Int, in layer: Layer) -> PenColour? {
        (colours.indices.contains(stroke) ? colours[stroke] : nil) ?? layer.colour
    }

    /// How far the moves of a stroke may lie beside it, mm, of a tolerance of the whole plot.
    public func moveTolerance(ofStroke stroke: Int, of tolerance: Double) -> Double {
        let isExact = stroke < isExact.count && isExact[stroke]
        return ToleranceShare.moves(of: tolerance, used: isExact ? ToleranceShare.points : ToleranceShare.linePoints)
    }
}
