/// An sRGB colour of a pen, without alpha.
public struct PenColour: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    public static let black = PenColour(red: 0, green: 0, blue: 0)
}

/// A layer of the drawing and what its name asks for.
public struct DrawingLayer: Equatable, Sendable {
    /// As the file names it; nil for objects beside layers.
    public var name: String?
    /// Codes read from the name, as the maker's driver has them.
    public var codes: LayerCodes
    /// A group whose name does not set it apart: structure that a program wrote, glyph by glyph, not a pen that a person
    /// chose. Neighbours of one colour are planned together.
    var isStructure = false
    /// Other names that the file has for it, for who asks for the layer by one of them.
    var aliases: [String] = []

    public init(name: String?, codes: LayerCodes = LayerCodes()) {
        self.name = name
        self.codes = codes
    }
}

/// Instructions that a layer's name carries by convention: `%`, `!`, number, `+D`, `+H`, `+S`.
public struct LayerCodes: Equatable, Sendable {
    /// `%`: never plotted.
    public var isDocumentation = false
    /// `!`: pause for a person before the layer.
    public var pausesBefore = false
    public var number: Int?
    /// `+D`, in ms.
    public var delayMilliseconds: Int?
    /// `+H`, 0…100 %.
    public var penDownHeightPercent: Double?
    /// `+S`, 1…110 % of the machine's full speed; 110 % is the step rate's limit along a diagonal.
    public var penDownSpeedPercent: Double?

    public init() {}
}

/// The drawing as polylines in page coordinates, in document order: what the reader hands to planning.
public struct FlatDrawing: Sendable {
    /// What polylines of one source path share.
    public struct Style: Hashable, Sendable {
        /// Index into `layers`.
        public var layer: Int
        public var stroke: PenColour?
        public var fill: PenColour?
        /// Its outline is stroked, if only in a colour that is not known; else it is drawn because it is filled.
        public var isStroked: Bool

        /// - Parameter isStroked: nil = if it has a stroke's colour.
        public init(layer: Int, stroke: PenColour?, fill: PenColour?, isStroked: Bool? = nil) {
            self.layer = layer
            self.stroke = stroke
            self.fill = fill
            self.isStroked = isStroked ?? (stroke != nil)
        }
    }

    public var page: Size
    public var layers: [DrawingLayer]
    public var styles: [Style]
    /// One entry a subpath, mm, origin top left, y down.
    public var polylines: Polylines
    /// Index into `styles`, one a polyline.
    public var styleOf: [Int32]
    /// One a polyline; closed ones repeat their first point.
    public var isClosed: [Bool]
    /// One a polyline: whether chords stand for curves in it; where there is none, they may.
    public var isCurved: [Bool]
    public var diagnostics: [Diagnostic]
    /// Whole outlines of some strokes that dashes or clips part, to find fill-only copies of them; they are not drawn.
    var parted = Polylines()
    /// Index into `styles`, one a polyline of `parted`.
    var partedStyleOf: [Int32] = []
    /// What the drawing paints, in paint order; nil unless hatching or hidden lines were asked for when it was read.
    var areas: PaintedAreas?

    public init(
        page: Size, layers: [DrawingLayer] = [], styles: [Style] = [], polylines: Polylines = Polylines(),
        styleOf: [Int32] = [], isClosed: [Bool] = [], isCurved: [Bool] = [],
        diagnostics: [Diagnostic] = []
    ) {
        self.page = page
        self.layers = layers
        self.styles = styles
        self.polylines = polylines
        self.styleOf = styleOf
        self.isClosed = isClosed
        self.isCurved = isCurved
        self.diagnostics = diagnostics
    }
}
